"""The page behind an invitation."""

from django.contrib.auth import login
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from chat.domain import accounts, invites, throttle
from chat.domain.errors import Invalid

from . import devices
from .accounts import client_address, first_backend
from .forms import AccountForm


@never_cache
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request, token):
    """Create an account, and join the room of the invite. Signed-in users only join. Raises NotFound for an invalid
    link."""
    reservation = throttle.take(throttle.INVITE, client_address(request))
    invitation = invites.find(token)
    handle = _join if request.user.is_authenticated else _create_account
    response = handle(request, token, invitation)
    if request.method != "POST" or response.status_code == 302:
        # Only failures count: many new users may share one address, a school class for example.
        reservation.give_back()
    return response


def _join(request, token, invitation):
    """For a signed-in user: a page with a button. A GET must not join, because any site can make a browser send one."""
    if invitation.room is None:
        return redirect("chat:home")
    joined = invitation.room.memberships.filter(user=request.user).exists()
    if request.method == "POST" or (joined and not invitation.rooms.exists()):
        return redirect("chat:room", invites.use(token, user=request.user).slug)
    return render(request, "chat/invite_join.html", {"invite": invitation})


def _create_account(request, token, invitation):
    """For a person without an account: the form that creates one."""
    form = AccountForm(request.POST if request.method == "POST" else None, initial={"email": invitation.email})
    form.fields["username"].widget.attrs.setdefault("autofocus", True)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("username", "email", "password")}
        try:
            user, room = accounts.accept_invite(token=token, **given)
        except Invalid as error:
            form.add_domain_error(error)
        else:
            login(request, user, backend=first_backend())
            response = redirect("chat:room", room.slug) if room else redirect("chat:home")
            devices.remember_browser(request, response, user.get_username())
            return response
    return render(request, "chat/invite.html", {"form": form, "invite": invitation})
