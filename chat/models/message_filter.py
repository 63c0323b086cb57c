"""Filters of messages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .room import Room


class MessageFilter(models.Model):
    """What messages may not contain, or only after a moderator has seen them: see `domain.filters`.

    `value` has one entry in each line: words, patterns or domains. Kinds that count use `limit`, and those that look
    back also `hours`. A filter without a room applies to the whole site.
    """

    class Kind(models.TextChoices):
        WORDS = "words", _("Words")
        PATTERN = "pattern", _("Patterns (regular expressions)")
        DOMAINS = "domains", _("Links to domains")
        REPEATED = "repeated", _("The same text again and again")
        MENTIONS = "mentions", _("Many people mentioned at once")
        NEW_LINKS = "new_links", _("Links by new people")

    class Action(models.TextChoices):
        REFUSE = "refuse", _("Refuse the message")
        HOLD = "hold", _("Hold it until a moderator has seen it")
        REPORT = "report", _("Post it, and report it to the moderators")

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("looks for"), max_length=10, choices=Kind.choices, default=Kind.WORDS)
    value = models.TextField(
        _("words, patterns or domains"), blank=True, help_text=_("One in each line. Case does not matter.")
    )
    limit = models.PositiveIntegerField(
        _("limit"),
        default=3,
        help_text=_("The same text: how many times. Many mentions: how many people. The next one meets the filter."),
    )
    hours = models.PositiveIntegerField(
        _("hours"),
        default=24,
        help_text=_("The same text: within how many hours. Links by new people: how long an account is new."),
    )
    action = models.CharField(_("then"), max_length=6, choices=Action.choices, default=Action.HOLD)
    room = models.ForeignKey(
        Room,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="filters",
        verbose_name=_("room"),
        help_text=_("Empty: all rooms."),
    )
    is_on = models.BooleanField(_("on"), default=True)

    class Meta:
        verbose_name = _("filter")
        verbose_name_plural = _("filters")
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name
