"""The mail with a link to choose a new password."""

from functools import partial

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.core.mail import EmailMessage
from django.template import loader
from django.utils import translation

from chat.domain import mail
from chat.models import Site

SUBJECT = "registration/password_reset_subject.txt"
BODY = "registration/password_reset_email.html"


class MailForm(PasswordResetForm):
    """Django's form, whose work is all done after the response: it asks the database on a thread for mail, so the page
    takes as long for an address without an account."""

    def save(self, **options):
        """Have the mails made and sent."""
        mail.later(partial(_send, self.cleaned_data["email"], translation.get_language()))


class _Sender(PasswordResetForm):
    def send_mail(self, subject_template_name, email_template_name, context, from_email, to_email, **options):
        """Send it. Django's own logs what the mail server raises, and goes on."""
        subject = " ".join(loader.render_to_string(subject_template_name, context).split())
        body = loader.render_to_string(email_template_name, context)
        mail.send(EmailMessage(subject, body, from_email, [to_email]))


def _send(email: str, language: str) -> None:
    form = _Sender({"email": email})
    if not form.is_valid():
        return
    # The address of the site as its owner gave it: the Host header is whatever somebody sent.
    scheme, _separator, domain = settings.SITE_URL.partition("://")
    with translation.override(language):
        form.save(
            domain_override=domain,
            use_https=scheme == "https",
            subject_template_name=SUBJECT,
            email_template_name=BODY,
            extra_email_context={"site_name": Site.current().name},
        )
