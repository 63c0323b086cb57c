"""The one-time page that sets up the site."""

from django.contrib.auth import login
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from chat.domain import accounts, sites, throttle
from chat.domain.errors import Invalid

from . import devices
from .accounts import client_address, first_backend
from .forms import SetupForm


@never_cache
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request, token):
    """Name the site, create its first admin and the Lobby, and sign the admin in. Raises NotFound for a used link."""
    reservation = throttle.take(throttle.SET_UP, client_address(request))
    sites.check_setup_token(token)
    form = SetupForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("username", "email", "password", "lobby_guests")}
        try:
            admin = sites.set_up(token=token, name=form.cleaned_data["site_name"], **given)
        except Invalid as error:
            form.add_domain_error(error)
        else:
            login(request, admin, backend=first_backend())
            response = redirect("chat:room", accounts.LOBBY)
            devices.remember_browser(request, response, admin.get_username())
            return response
    if request.method != "POST":
        # Only failures count; a GET is not an attempt.
        reservation.give_back()
    return render(request, "chat/setup.html", {"form": form})
