"""Messages, their revisions, reactions and mentions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .room import Room


class MessageQuerySet(models.QuerySet):
    """Queries for messages: by who may see them, and by their last change."""

    def visible_to(self, person):
        """Messages of the rooms that `person` may see."""
        return self.filter(room__in=Room.objects.visible_to(person))

    def changed_after(self, version: int):
        """Messages whose last change is newer than `version`, in the order of their changes."""
        return self.filter(version__gt=version).order_by("version")

    def for_wire(self):
        """With all that an event about them contains, in two queries."""
        reactions = models.Prefetch("reactions", Reaction.objects.select_related("user"))
        return self.select_related("author", "reply_to__author").prefetch_related(reactions)

    def standing(self):
        """Messages that are not deleted."""
        return self.filter(deleted_at=None)


class Message(models.Model):
    """A message in a room.

    `seq` is its place in the room: the room's version when it was posted, so the numbers increase but have gaps.
    `version` is the room's version at its last change.
    `sender_key` is `u:ID` for a user, `g:KEY` for a guest: with `client_id` it makes sending idempotent. A guest's key
    is a secret; `guest_id` is what everyone knows them by (see `domain.guests`).
    `mentions` holds whom it mentions, in the form of the events (`MentionsOut`); `Mention` rows are for the counts.
    A deleted message keeps its row as a tombstone: its text moves to a `Revision`, for moderators.
    """

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="messages"
    )
    sender_key = models.CharField(max_length=64, editable=False)
    guest_name = models.CharField(_("guest's name"), max_length=80, blank=True)
    guest_id = models.CharField(max_length=16, blank=True, default="", db_default="", editable=False)
    client_id = models.UUIDField(editable=False)
    seq = models.BigIntegerField(editable=False)
    version = models.BigIntegerField(editable=False)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(editable=False, blank=True)
    renderer = models.PositiveSmallIntegerField(editable=False, default=1)
    mentions = models.JSONField(null=True, editable=False)
    reply_to = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replies", verbose_name=_("reply to")
    )
    created_at = models.DateTimeField(_("said at"))
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["room", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="message_seq_once"),
            models.UniqueConstraint(fields=["room", "version"], name="message_version_once"),
            models.UniqueConstraint(fields=["sender_key", "client_id"], name="message_said_once"),
            models.CheckConstraint(
                name="message_has_a_sender",
                condition=(Q(author__isnull=False) & Q(guest_name=""))
                | (Q(author__isnull=True) & ~Q(guest_name="") & ~Q(sender_key="")),
            ),
        ]

    def __str__(self):
        return f"{self.room_id}/{self.seq}"

    @property
    def author_name(self) -> str | None:
        """The author's name; None for a guest."""
        return self.author.get_username() if self.author_id else None


class Revision(models.Model):
    """The text of a message before an edit or a deletion. Moderators may read it."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="revisions")
    text = models.TextField(_("text"))
    replaced_at = models.DateTimeField(_("replaced at"))
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("replaced by")
    )

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["message", "pk"]

    def __str__(self):
        return f"{self.message_id} · {self.replaced_at:%Y-%m-%d %H:%M}"


class Reaction(models.Model):
    """One person's emoji under one message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reactions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reactions")
    emoji = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["message", "user", "emoji"], name="reaction_once")]

    def __str__(self):
        return f"{self.emoji} {self.user_id}"


class Mention(models.Model):
    """One person who is mentioned in one message. `room` and `seq` are the message's, so that counting needs no join.

    They may be null because workers of the version before do not write them; a trigger does (migration 0003).
    A deleted message has no mentions.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentioned")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentions")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, null=True, db_index=False, related_name="+")
    seq = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="mention_once")]
        indexes = [models.Index(fields=["user", "room", "seq"], name="mention_unread")]

    def __str__(self):
        return f"@{self.user_id}"
