"""The page behind an invitation."""

from django.contrib.auth import login
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from chat.domain import accounts, invites, throttle
from chat.domain.errors import Invalid

from . import devices
from .accounts import address_of, first_backend
from .forms import AccountForm


@never_cache
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request, token):
    """Make an account and join; who is signed in only joins. Raises NotFound for a link that does not stand."""
    turn = throttle.take(throttle.INVITE, address_of(request))
    invitation = invites.find(token)
    answer = _join if request.user.is_authenticated else _begin
    response = answer(request, token, invitation)
    if request.method != "POST" or response.status_code == 302:
        # Only what fails is counted: a class of thirty comes through one address.
        turn.give_back()
    return response


def _join(request, token, invitation):
    """For someone with an account: one button. No joining on GET, which a page elsewhere could make them send."""
    if invitation.room is None:
        return redirect("chat:home")
    if request.method == "POST" or invitation.room.memberships.filter(user=request.user).exists():
        return redirect("chat:room", invites.use(token, user=request.user).slug)
    return render(request, "chat/invite_join.html", {"invite": invitation})


def _begin(request, token, invitation):
    """For a newcomer: the form that makes an account."""
    form = AccountForm(request.POST if request.method == "POST" else None)
    form.fields["username"].widget.attrs.setdefault("autofocus", True)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("username", "email", "password")}
        try:
            user, room = accounts.accept_invite(token=token, **given)
        except Invalid as error:
            form.add_refusal(error)
        else:
            login(request, user, backend=first_backend())
            response = redirect("chat:room", room.slug) if room else redirect("chat:home")
            devices.remember(request, response, user.get_username())
            return response
    return render(request, "chat/invite.html", {"form": form, "invite": invitation})
