"""Forms of the pages that make accounts. The rules are the domain's; these ask it early, to name all errors at once."""

from django import forms
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from chat.domain import accounts, handles, sites
from chat.domain.errors import Invalid
from chat.models import Room, Site


class AccountForm(forms.Form):
    """A new account: name, optional email address, password twice."""

    username = UsernameField(
        label=_("Username"),
        max_length=150,
        help_text=_("As others see it; it is also how you sign in. Letters, digits and @ . + - _ '"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("Email (optional)"),
        required=False,
        help_text=_("For a new password, should you forget yours. Members do not see it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        # Lazy: the sentences come in the language of whoever looks.
        help_text=lazy(password_validators_help_text_html, str)(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_username(self):
        """The name, as the domain accepts it."""
        return _ask(handles.clean, self.cleaned_data["username"])

    def clean(self):
        """The two passwords agree, and the domain accepts them beside the name."""
        given = super().clean()
        password = given.get("password")
        if password and "password_again" in given and given["password_again"] != password:
            self.add_error("password_again", _("The two passwords are not the same."))
        if password:
            try:
                about = {"username": given.get("username", ""), "email": given.get("email", "")}
                accounts.check_password(password, **about)
            except Invalid as error:
                self.add_error("password", error.detail)
        return given

    def full_clean(self):
        """Clean, and put the cursor where the first error is."""
        super().full_clean()
        wrong = next((name for name in self.fields if name in (self._errors or {})), None)
        if wrong is not None:
            for name, field in self.fields.items():
                field.widget.attrs.pop("autofocus", None)
                if name == wrong:
                    field.widget.attrs["autofocus"] = True

    def add_refusal(self, error: Invalid) -> None:
        """Show what the domain refused after all, beside its field if it is here."""
        self.add_error(error.field if error.field in self.fields else None, error.detail)


class SetupForm(AccountForm):
    """The site's name, its first admin, and whether guests may talk."""

    field_order = ["site_name", "username", "email", "password", "password_again", "lobby_guests"]

    site_name = forms.CharField(
        label=_("Name of the site"),
        max_length=Site._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    lobby_guests = forms.ChoiceField(
        label=_("Visitors without an account, in the Lobby"),
        choices=[
            (Room.Guests.NONE, _("see nothing")),
            (Room.Guests.READ, _("may read")),
            (Room.Guests.WRITE, _("may read and write")),
        ],
        initial=Room.Guests.NONE,
        widget=forms.RadioSelect,
    )

    def clean_site_name(self):
        """The name, as the domain accepts it."""
        return _ask(sites.clean_name, self.cleaned_data["site_name"])


def _ask(clean, value):
    try:
        return clean(value)
    except Invalid as error:
        raise ValidationError(error.detail) from error
