"""The form of a profile. The rules are those of `chat.domain.profiles`."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.domain import profiles
from chat.domain.errors import Invalid
from chat.models import Profile

KEEP = "keep"
ENDS = [
    ("", _("until I change it")),
    ("30", _("for 30 minutes")),
    ("60", _("for 1 hour")),
    ("240", _("for 4 hours")),
    ("1440", _("for a day")),
    ("10080", _("for a week")),
]
"""Minutes after which a status ends."""
CHANGES = ("display_name", "title", "time_zone", "language", "theme", "clock", "density", "enter", "shows_reading")


class ProfileForm(forms.Form):
    """What others see of a person, and how the person sees the pages."""

    display_name = forms.CharField(
        label=_("Display name"),
        required=False,
        max_length=80,
        help_text=_("Others see this name. Leave it empty to show your username."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    title = forms.CharField(
        label=_("Title"), required=False, max_length=80, help_text=_("What you do, for example “Designer”.")
    )
    status_emoji = forms.CharField(
        label=_("Emoji of your status"),
        required=False,
        max_length=32,
        widget=forms.TextInput(attrs={"aria-label": _("Emoji of your status"), "placeholder": "💬"}),
    )
    status_text = forms.CharField(
        label=_("Status"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"aria-label": _("Status"), "placeholder": _("What is your status?")}),
    )
    status_ends = forms.ChoiceField(
        label=_("Show it"), required=False, choices=ENDS, widget=forms.Select(attrs={"aria-label": _("Show it")})
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        help_text=_("Others see which time it is where you are. Your reminders and scheduled messages use it, too."),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    shows_reading = forms.BooleanField(
        label=_("Show others what I have read"),
        required=False,
        help_text=_(
            "In small rooms, the author of a message sees who has read it. If you do not show it, you do not see it."
        ),
    )
    theme = forms.ChoiceField(label=_("Colours"), choices=Profile.Theme.choices, widget=forms.RadioSelect)
    clock = forms.ChoiceField(label=_("Times"), choices=Profile.Clock.choices, widget=forms.RadioSelect)
    density = forms.ChoiceField(label=_("Density"), choices=Profile.Density.choices, widget=forms.RadioSelect)
    enter = forms.ChoiceField(
        label=_("The Enter key, while you write"),
        choices=Profile.Enter.choices,
        widget=forms.RadioSelect,
        help_text=_("On a touch screen it always begins a new line."),
    )

    def __init__(self, data, *, profile: Profile):
        initial = {name: getattr(profile, name) for name in (*CHANGES, "status_emoji", "status_text")}
        super().__init__(data, initial=initial, label_suffix="")
        self._profile = profile
        zones = [(name, name.replace("_", " ")) for name in profiles.time_zones()]
        self.fields["time_zone"].choices = [("", _("Not shown")), *zones]
        self.fields["language"].choices = [("", _("As my browser")), *settings.LANGUAGES]
        if len(settings.LANGUAGES) < 2:
            del self.fields["language"]
        if profile.status_until and profile.status_until > timezone.now():
            self.fields["status_ends"].choices = [(KEEP, _("as long as I have chosen")), *ENDS]
            self.initial["status_ends"] = KEEP

    @property
    def changes(self) -> dict:
        """The arguments for `profiles.change`."""
        return {name: self.cleaned_data[name] for name in CHANGES if name in self.cleaned_data}

    @property
    def status(self) -> dict:
        """The arguments for `profiles.set_status`."""
        given = self.cleaned_data
        ends = given["status_ends"]
        until = timezone.now() + timedelta(minutes=int(ends)) if ends.isdecimal() else None
        if ends == KEEP:
            until = self._profile.status_until
        return {"emoji": given["status_emoji"], "line": given["status_text"], "until": until}

    def add_domain_error(self, error: Invalid) -> None:
        """Show an error of the domain beside its field, or above the form if the form does not have that field."""
        field = "status_emoji" if error.field == "emoji" else error.field
        self.add_error(field if field in self.fields else None, error.detail)


class GuestNameForm(forms.Form):
    """The name of a guest. The rules are those of `chat.domain.display_names`."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("Others see it beside the word “guest”. It must not look like the name of a member."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "autofocus": True}),
    )
