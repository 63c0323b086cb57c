"""Sign-in and new passwords: Django's own views, with tries counted by address and by account."""

from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import views
from django.shortcuts import redirect, render
from django.urls import reverse

from chat.domain import throttle
from chat.domain.errors import SlowDown
from chat.models import Site

from . import devices
from .password_mail import MailForm


def address_of(request) -> str:
    """The address that a request came from. The server takes it from the proxies it trusts, and from nobody else."""
    return request.META.get("REMOTE_ADDR", "")


def sign_in_address(request) -> str:
    """Where to sign in, and then to come back to the page that `request` asks for."""
    return f"{reverse('login')}?next={quote(request.path)}"


def first_backend() -> str:
    """The authentication backend that a session made by us names: the site's first."""
    return settings.AUTHENTICATION_BACKENDS[0]


class SignIn(views.LoginView):
    """Django's sign-in. What succeeds is not counted."""

    redirect_authenticated_user = True

    def post(self, request, *args, **kwargs):
        """Count the try. Raises SlowDown when it is one too many."""
        self.turns = [throttle.take(throttle.SIGN_IN, address_of(request))]
        try:
            self.turns.append(devices.take_sign_in(request, request.POST.get("username", "")))
        except SlowDown:
            self.turns[0].give_back()
            raise
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        """Sign in, and remember the browser."""
        for turn in self.turns:
            turn.give_back()
        response = super().form_valid(form)
        devices.remember(self.request, response, self.request.POST.get("username", ""))
        return response

    def get_redirect_url(self):
        """Where to go on to: nowhere, when that is this page."""
        following = super().get_redirect_url()
        return "" if following.partition("?")[0] == self.request.path else following

    def get_context_data(self, **kwargs):
        """The site's row as `site`, where Django's view puts the request's host."""
        return super().get_context_data(**kwargs) | {"site": Site.current()}


class SignOut(views.LogoutView):
    """Django's sign-out; asked for by GET, as a link or an address typed in does, it shows the button."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request, *args, **kwargs):
        """Ask. Nobody is signed out by GET, which a page elsewhere could make them send."""
        if not request.user.is_authenticated:
            return redirect("login")
        return render(request, "registration/sign_out.html")


class PasswordReset(views.PasswordResetView):
    """Django's request for a new password. Each one is counted: it may send a mail, after the response."""

    form_class = MailForm

    def post(self, request, *args, **kwargs):
        """Count the try. Raises SlowDown when it is one too many."""
        throttle.take(throttle.PASSWORD_RESET, address_of(request))
        return super().post(request, *args, **kwargs)


class NewPassword(views.PasswordResetConfirmView):
    """Django's page behind the link of a mail. Tries are counted: each hashes a password."""

    def post(self, request, *args, **kwargs):
        """Count the try. Raises SlowDown when it is one too many."""
        self.turn = throttle.take(throttle.NEW_PASSWORD, address_of(request))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        """Store the password, and remember the browser: who reads the account's mail is no stranger to it."""
        self.turn.give_back()
        response = super().form_valid(form)
        devices.remember(self.request, response, self.user.get_username())
        return response


class PasswordChange(views.PasswordChangeView):
    """Django's form for another password. Whoever finds a browser signed in must not guess the password there."""

    def post(self, request, *args, **kwargs):
        """Count the try, by account. Raises SlowDown when it is one too many."""
        self.turn = throttle.take_for(throttle.PASSWORD_CHANGE, str(request.user.pk))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        """Store it."""
        self.turn.give_back()
        return super().form_valid(form)
