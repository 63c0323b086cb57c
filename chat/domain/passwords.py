"""The mail with a link to choose a new password.

The page only enqueues a job with the address that was typed: it does the same work whether an account has it or not.
"""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template import loader
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from chat.dispatch import queueing
from chat.models import Site

from . import mail
from .types import User

SUBJECT = "registration/password_reset_subject.txt"
BODY = "registration/password_reset_email.html"


def request_reset(*, email: str, language: str) -> None:
    """Send a mail with a link to each account with this address, later. `language`: of the mail."""
    queueing.enqueue("mail.find_password_resets", email, language)


def enqueue_mails(*, email: str, language: str) -> None:
    """Enqueue one mail for each active account with this address that has a password."""
    users: Iterable[User] = PasswordResetForm().get_users(email)
    for user in users:
        queueing.enqueue("mail.send_password_reset", user.pk, language)


def send_reset(*, user_id: int, language: str, key: str) -> None:
    """Send the mail to this account, if it is still active. `key`: see `mail.send`."""
    user = get_user_model()._default_manager.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    # From the settings, because anybody can send any Host header.
    scheme, _separator, domain = settings.SITE_URL.partition("://")
    context = {
        "email": getattr(user, user.get_email_field_name()),
        "domain": domain,
        "site_name": Site.current().name,
        "uid": urlsafe_base64_encode(force_bytes(user.pk)),
        "user": user,
        "token": default_token_generator.make_token(user),
        "protocol": scheme,
    }
    with translation.override(language):
        subject = " ".join(loader.render_to_string(SUBJECT, context).split())
        body = loader.render_to_string(BODY, context)
    mail.send(EmailMessage(subject, body, None, [context["email"]]), key=key)
