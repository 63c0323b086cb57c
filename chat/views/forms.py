"""Forms of the pages that create accounts. They call the rules of the domain early, to show all errors at once."""

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
        help_text=_("Others see this name, and you sign in with it. Letters, digits and @ . + - _ '"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("Email (optional)"),
        required=False,
        help_text=_("Used only to reset your password. Other members do not see it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        # Lazy, because the language is that of the request.
        help_text=lazy(password_validators_help_text_html, str)(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("Repeat password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_username(self):
        """The normalised name. Raises ValidationError if the domain refuses it."""
        return _validate(handles.clean, self.cleaned_data["username"])

    def clean(self):
        """Check that the two passwords match and that the domain accepts them for this name and email."""
        given = super().clean()
        password = given.get("password")
        if password and "password_again" in given and given["password_again"] != password:
            self.add_error("password_again", _("The two passwords do not match."))
        if password:
            try:
                about = {"username": given.get("username", ""), "email": given.get("email", "")}
                accounts.check_password(password, **about)
            except Invalid as error:
                self.add_error("password", error.detail)
        return given

    def full_clean(self):
        """Validate, and set `autofocus` on the first field with an error."""
        super().full_clean()
        wrong = next((name for name in self.fields if name in (self._errors or {})), None)
        if wrong is not None:
            for name, field in self.fields.items():
                field.widget.attrs.pop("autofocus", None)
                if name == wrong:
                    field.widget.attrs["autofocus"] = True

    def add_domain_error(self, error: Invalid) -> None:
        """Show an error of the domain beside its field, or above the form if the form does not have that field."""
        self.add_error(error.field if error.field in self.fields else None, error.detail)


class SetupForm(AccountForm):
    """The name of the site, its first admin, and the access of guests to the Lobby."""

    field_order = ["site_name", "username", "email", "password", "password_again", "lobby_guests"]

    site_name = forms.CharField(
        label=_("Name of the site"),
        max_length=Site._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    lobby_guests = forms.ChoiceField(
        label=_("Guests (people without an account) in the Lobby"),
        choices=[
            (Room.Guests.NONE, _("have no access")),
            (Room.Guests.READ, _("can read")),
            (Room.Guests.WRITE, _("can read and write")),
        ],
        initial=Room.Guests.NONE,
        widget=forms.RadioSelect,
    )

    def clean_site_name(self):
        """The normalised name. Raises ValidationError if the domain refuses it."""
        return _validate(sites.clean_name, self.cleaned_data["site_name"])


def _validate(clean, value):
    try:
        return clean(value)
    except Invalid as error:
        raise ValidationError(error.detail) from error
