"""Reports of messages and of people."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .message import Message
from .message_filter import MessageFilter
from .of_rooms import OfRoomsQuerySet, is_open_to
from .room import Room


class ReportQuerySet(OfRoomsQuerySet):
    """Queries for reports."""

    def for_staff(self, user: Any) -> Self:
        """Those that people made, of all rooms; those of filters as `OfRoomsQuerySet.for_staff`."""
        return self.filter(~Q(reason=Report.Reason.FILTER) | is_open_to(user))

    def open(self) -> Self:
        """Reports that no moderator has ended."""
        return self.filter(ended_at=None)


class Report(models.Model):
    """A person, or a filter, asks the moderators to look at a message or a person.

    `about` is the reported user, None for a guest (`about_name`, `about_guest`). `text` is what the message said at
    that moment: its author may edit or delete it later. `outcome` is empty while it is open; `acts` lists what
    moderators did because of it: {"act", "by", "at", "note"}. A report without a room is about a person alone, and only
    for moderators of the site.
    """

    class Reason(models.TextChoices):
        SPAM = "spam", _("Spam or advertising")
        ABUSE = "abuse", _("Insults, threats or harassment")
        ILLEGAL = "illegal", _("Illegal or dangerous content")
        PRIVATE = "private", _("Private data of somebody")
        OTHER = "other", _("Something else")
        FILTER = "filter", _("A filter")

    class Outcome(models.TextChoices):
        OPEN = "", _("Open")
        DISMISSED = "dismissed", _("Dismissed")
        ACTED = "acted", _("Acted upon")

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, null=True, related_name="reports", verbose_name=_("message")
    )
    room = models.ForeignKey(
        Room, on_delete=models.CASCADE, null=True, db_index=False, related_name="reports", verbose_name=_("room")
    )
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("about")
    )
    about_guest = models.CharField(max_length=16, blank=True, default="", editable=False)
    about_name = models.CharField(_("guest's name"), max_length=80, blank=True, default="", editable=False)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("reported by")
    )
    reporter_key = models.CharField(max_length=64, editable=False)
    reporter_name = models.CharField(max_length=80, blank=True, default="", editable=False)
    by_filter = models.ForeignKey(
        MessageFilter, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("filter")
    )
    reason = models.CharField(_("reason"), max_length=8, choices=Reason.choices, default=Reason.OTHER)
    note = models.TextField(_("what the reporter says"), blank=True)
    text = models.TextField(_("text when it was reported"), blank=True)
    made_at = models.DateTimeField(_("reported"))
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome.choices, blank=True, default="")
    acts = models.JSONField(default=list, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("ended by")
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-pk"]
        permissions = [("moderate_site", _("Can moderate the whole site: reports, held messages, mutes"))]
        indexes = [
            # The queue of a room, and of the site.
            models.Index(fields=["room", "-id"], name="report_room"),
            models.Index(fields=["-id"], name="report_open", condition=Q(ended_at=None)),
            models.Index(fields=["reporter_key", "id"], name="report_reporter"),
        ]
        constraints = [
            # Twice at once makes one report.
            models.UniqueConstraint(
                fields=["reporter_key", "message"],
                name="report_message_once",
                condition=Q(ended_at=None, message__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["reporter_key", "about"], name="report_person_once", condition=Q(ended_at=None, message=None)
            ),
        ]

    def __str__(self):
        return f"#{self.pk}"
