"""What the chat keeps about a user beside the account: how others see them, and how they want to see the pages."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Profile(models.Model):
    """The profile of one user. The row is created when it is first needed; a user without one has the defaults.

    `version` is the number of the last change of what others see (`Site.take_people_version`); 0 before the first one.
    `name_key` and `name_look` are digests of how the display name looks (see `domain.names.keys`).
    """

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Clock(models.TextChoices):
        AUTO = "auto", _("As usual in my language")
        H12 = "12", _("12 hours: 2:05 PM")
        H24 = "24", _("24 hours: 14:05")

    class Density(models.TextChoices):
        NORMAL = "normal", _("Normal")
        COMPACT = "compact", _("Compact")

    class Enter(models.TextChoices):
        SEND = "send", _("sends the message")
        LINE = "line", _("begins a new line; Ctrl+Enter sends")

    # Not `profile`: an app of the site may have a model with this related name.
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="chat_profile"
    )
    display_name = models.CharField(_("display name"), max_length=80, blank=True, default="")
    name_key = models.CharField(max_length=64, blank=True, default="", editable=False)
    name_look = models.CharField(max_length=64, blank=True, default="", editable=False)
    avatar = models.FileField(_("picture"), max_length=100, blank=True, default="", editable=False)
    title = models.CharField(_("title"), max_length=80, blank=True, default="")
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, default="")
    status_emoji = models.CharField(_("emoji of the status"), max_length=32, blank=True, default="")
    status_text = models.CharField(_("status"), max_length=100, blank=True, default="")
    status_until = models.DateTimeField(_("status until"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=16, blank=True, default="")
    theme = models.CharField(_("theme"), max_length=6, choices=Theme.choices, default=Theme.SYSTEM)
    clock = models.CharField(_("clock"), max_length=4, choices=Clock.choices, default=Clock.AUTO)
    density = models.CharField(_("density"), max_length=7, choices=Density.choices, default=Density.NORMAL)
    shows_reading = models.BooleanField(_("shows what it has read"), default=True)
    enter = models.CharField(_("Enter"), max_length=4, choices=Enter.choices, default=Enter.SEND)
    version = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        indexes = [
            # For the check every two seconds, and for clients that come back.
            models.Index(fields=["version"], name="profile_version"),
            models.Index(fields=["name_key"], name="profile_name_key", condition=~models.Q(name_key="")),
            models.Index(fields=["name_look"], name="profile_name_look", condition=~models.Q(name_look="")),
        ]

    def __str__(self):
        return self.display_name or str(self.user)
