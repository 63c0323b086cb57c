"""Sign-in and passwords: Django's views, with a limit of attempts for each address and each account."""

from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from chat.domain import account_bans, passwords, throttle
from chat.domain.errors import SlowDown
from chat.models import Site

from . import devices


def client_address(request) -> str:
    """The IP address of the client. The server has already applied the headers of trusted proxies to it."""
    return request.META.get("REMOTE_ADDR", "")


def sign_in_url(request, *, with_query: bool = False) -> str:
    """The URL of the sign-in page, which leads back to what `request` asks for. `with_query`: its query, too."""
    return f"{reverse('login')}?next={quote(request.get_full_path() if with_query else request.path)}"


def first_backend() -> str:
    """The authentication backend for sessions that our own views start: the first one of the site."""
    return settings.AUTHENTICATION_BACKENDS[0]


class SignInForm(AuthenticationForm):
    """Django's form. Its own error says that both fields are case-sensitive, but usernames are not."""

    error_messages = AuthenticationForm.error_messages | {"invalid_login": _("The username or the password is wrong.")}

    def get_invalid_login_error(self):
        """Django's error; with the right password of a banned account, why and until when it is banned."""
        notice = account_bans.notice(self.cleaned_data.get("username", ""), self.cleaned_data.get("password", ""))
        return ValidationError(notice, code="banned") if notice else super().get_invalid_login_error()


class SignIn(views.LoginView):
    """Django's sign-in page. Only failed attempts count against the limits."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request, *args, **kwargs):
        """Count the attempt. Raises SlowDown above the limit."""
        self.reservations = [throttle.take(throttle.SIGN_IN, client_address(request))]
        try:
            self.reservations.append(devices.count_sign_in(request, request.POST.get("username", "")))
        except SlowDown:
            self.reservations[0].give_back()
            raise
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        """Sign in, give the counted attempts back, and remember the browser."""
        for reservation in self.reservations:
            reservation.give_back()
        response = super().form_valid(form)
        devices.remember_browser(self.request, response, self.request.POST.get("username", ""))
        return response

    def get_redirect_url(self):
        """The page that follows; "" if that is this page, which would be a redirect loop."""
        following = super().get_redirect_url()
        return "" if following.partition("?")[0] == self.request.path else following

    def get_context_data(self, **kwargs):
        """Django's context, with the `Site` row as `site` instead of the host of the request."""
        return super().get_context_data(**kwargs) | {"site": Site.current()}


class SignOut(views.LogoutView):
    """Django's sign-out. A GET shows a page with the button."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request, *args, **kwargs):
        """Ask for confirmation. A GET must not sign out: any other site can make a browser send one."""
        if not request.user.is_authenticated:
            return redirect("login")
        return render(request, "registration/sign_out.html")


class MailForm(PasswordResetForm):
    """Django's form, but a job looks the accounts up and sends the mails. So the response time does not show whether an
    account has the address."""

    def save(self, **options):
        """Enqueue the job."""
        passwords.request_reset(email=self.cleaned_data["email"], language=get_language())


class PasswordReset(views.PasswordResetView):
    """Django's page that asks for a reset link. Each request counts, because it may send an email."""

    form_class = MailForm

    def post(self, request, *args, **kwargs):
        """Count the attempt. Raises SlowDown above the limit."""
        throttle.take(throttle.PASSWORD_RESET, client_address(request))
        return super().post(request, *args, **kwargs)


class NewPassword(views.PasswordResetConfirmView):
    """Django's page behind a reset link. Attempts count, because each one hashes a password."""

    def post(self, request, *args, **kwargs):
        """Count the attempt. Raises SlowDown above the limit."""
        self.reservation = throttle.take(throttle.NEW_PASSWORD, client_address(request))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        """Store the password, and remember the browser: its user can read the email of the account."""
        self.reservation.give_back()
        response = super().form_valid(form)
        devices.remember_browser(self.request, response, self.user.get_username())
        return response


class PasswordChange(views.PasswordChangeView):
    """Django's page to change a password. The limit stops guesses in a browser that was left signed in."""

    def post(self, request, *args, **kwargs):
        """Count the attempt, for the account. Raises SlowDown above the limit."""
        self.reservation = throttle.take_for(throttle.PASSWORD_CHANGE, str(request.user.pk))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        """Store the password and give the counted attempt back."""
        self.reservation.give_back()
        return super().form_valid(form)
