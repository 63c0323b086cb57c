"""Forms of the pages that ban a person, remove what they wrote, delete their account or merge it."""

from datetime import timedelta

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.domain import account_rules, display_names, people, profiles
from chat.domain.errors import DomainError
from chat.models import Profile

WIDE = {"class": "vTextField"}
"""Attributes of a field that is as wide as Django's own for texts."""
HOUR_S = 60 * 60
DAY_S = 24 * HOUR_S
LENGTHS = [
    (str(HOUR_S), _("1 hour")),
    (str(DAY_S), _("1 day")),
    (str(7 * DAY_S), _("1 week")),
    (str(30 * DAY_S), _("30 days")),
    ("", _("No end")),
]
HOURS = [
    ("0", _("Nothing")),
    ("1", _("What they wrote in the last hour")),
    ("24", _("What they wrote in the last 24 hours")),
    ("168", _("What they wrote in the last 7 days")),
]


def length_field(initial: str = str(DAY_S)) -> forms.ChoiceField:
    """How long a ban lasts."""
    return forms.ChoiceField(label=_("How long"), choices=LENGTHS, required=False, initial=initial)


def until_field() -> forms.DateTimeField:
    """Another end of a ban."""
    return forms.DateTimeField(
        label=_("Or until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("If a time is given here, it counts."),
    )


def reason_field(*, required: bool = False, help_text="") -> forms.CharField:
    """Why: it is kept in the record."""
    return forms.CharField(
        label=_("Reason"),
        max_length=account_rules.MAX_REASON,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs=WIDE),
    )


def hours_field() -> forms.TypedChoiceField:
    """Which messages are removed with a ban."""
    help_text = _("In all rooms. This can be undone for a week.")
    return forms.TypedChoiceField(
        label=_("Also remove"), choices=HOURS, coerce=int, empty_value=0, required=False, help_text=help_text
    )


def end_of(given: dict):
    """The end of a ban by the fields `length` and `until`; None for no end."""
    if given.get("until"):
        return given["until"]
    return timezone.now() + timedelta(seconds=int(given["length"])) if given.get("length") else None


class AccountField(forms.CharField):
    """An account, named by its username: whoever may ban need not be able to list all accounts."""

    def clean(self, value):
        """The user. Raises ValidationError if nobody has this name."""
        name = super().clean(value).strip().removeprefix("@")
        users = get_user_model()._default_manager
        try:
            return people.with_profile(users).get(pk=users.get_by_natural_key(name).pk)
        except get_user_model().DoesNotExist:
            raise ValidationError(_("Nobody has this username.")) from None


class NoForm(forms.Form):
    """For an action that needs a confirmation only."""


class RemoveWordsForm(forms.Form):
    """How much of what somebody wrote is removed."""

    hours = forms.IntegerField(
        label=_("Hours"), min_value=1, initial=24, help_text=_("What they wrote in this time is removed.")
    )
    reason = reason_field()


class DeleteForm(forms.Form):
    """Whether the words of a deleted person stay."""

    words = forms.ChoiceField(
        label=_("What they wrote"),
        choices=[
            ("keep", _("Stays, under the name “Deleted person”")),
            ("delete", _("Goes: messages, files, former texts, reactions and votes")),
        ],
        initial="keep",
        widget=forms.RadioSelect,
    )
    reason = reason_field()


class MergeForm(forms.Form):
    """Which account gets everything, and why."""

    into = AccountField(label=_("Into the account"), help_text=_("The username of the account that stays."))
    reason = reason_field(required=True, help_text=_("Kept in the record."))


class ProfileFields(forms.Form):
    """What others see of a person, on the page of their account."""

    display_name = forms.CharField(
        label=_("Display name"),
        required=False,
        max_length=display_names.MAX_CHARACTERS,
        widget=forms.TextInput(attrs=WIDE),
        help_text=_("Others see it in place of the username."),
    )
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=Profile._meta.get_field("title").max_length,
        widget=forms.TextInput(attrs=WIDE),
    )
    status_text = forms.CharField(
        label=_("Status"),
        required=False,
        max_length=Profile._meta.get_field("status_text").max_length,
        widget=forms.TextInput(attrs=WIDE),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            profile = people.profile_of(self.instance)
            for name in PROFILE_FIELDS:
                self.initial[name] = getattr(profile, name)

    def clean_display_name(self):
        """The name as it will be stored. Raises ValidationError if it is refused."""
        name = self.cleaned_data["display_name"]
        if name == self.initial.get("display_name"):
            return name
        try:
            return display_names.clean(name, owner=self.instance)
        except DomainError as error:
            raise ValidationError(error.detail) from error

    def save_profile(self, user) -> None:
        """Store what was changed of the profile."""
        changed = {name: self.cleaned_data[name] for name in PROFILE_FIELDS if name in self.changed_data}
        if "status_text" in changed:
            line, profile = changed.pop("status_text"), people.profile_of(user)
            emoji = profile.status_emoji if line else ""
            profiles.set_status(user=user, emoji=emoji, line=line, until=profile.status_until)
        if changed:
            profiles.change(user=user, **changed)


PROFILE_FIELDS = ("display_name", "title", "status_text")
