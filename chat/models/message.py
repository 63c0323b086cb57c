"""Messages, their revisions, reactions and mentions."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .room import Room


class MessageQuerySet(models.QuerySet):
    """Queries for messages."""

    def visible_to(self, person: Any) -> Self:
        """Messages in rooms that are visible to `person`."""
        return self.filter(room__in=Room.objects.visible_to(person))

    def for_serialization(self) -> Self:
        """With the rows that their serialized form needs: author, quoted message and its author."""
        return self.select_related("author__chat_profile", "reply_to__author__chat_profile")

    def shown_in_room(self) -> Self:
        """Without replies that only their thread shows."""
        return self.filter(in_room=True)

    def not_deleted(self) -> Self:
        """Messages that are not deleted."""
        return self.filter(deleted_at=None)


class Message(models.Model):
    """A message in a room.

    `seq` is its place in the room: the room's version when it was posted, so the numbers increase but have gaps.
    `version` is the room's version at its last change.
    `sender_key` is `u:ID` for a user, `g:KEY` for a guest; together with `client_id` it makes posting idempotent. The
    key of a guest is a secret. `guest_id` is public (see `domain.guests`).
    `mentions` holds the mentioned people in the form of the events (`Mentions`). `Mention` rows serve to count.
    `attachments` holds the files in the form of the events, None without any: a page needs no rows of `Attachment`.
    `previews` holds those of its links, None without any: see `domain.previews`.
    `poll` holds its options and how many voted for each, None for other messages: see `domain.polls`.
    A `silent` message notifies nobody.
    `pinned` says who pinned it to the head of its room, and when, in the form of the events (`Pinned`); None if nobody.
    `thread` is the message that begins the thread, its root, if this one is a reply in a thread. `in_room`: whether the
    room shows it; false for a reply that only its thread shows. `replies` holds the summary of a root's thread in the
    form of the events, None without a reply that is not deleted.
    The row of a deleted message stays, without its text: a `Revision` keeps the text for moderators. `removed`: it was
    not its author who deleted it, but a moderator.
    """

    # db_index=False here, for `reply_to` and for `thread`: `Meta` has indexes that begin with these columns.
    room = models.ForeignKey(Room, on_delete=models.PROTECT, db_index=False, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="messages"
    )
    sender_key = models.CharField(max_length=64, editable=False)
    guest_name = models.CharField(_("guest's name"), max_length=80, blank=True)
    guest_id = models.CharField(max_length=16, blank=True, default="", editable=False)
    client_id = models.UUIDField(editable=False)
    seq = models.BigIntegerField(editable=False)
    version = models.BigIntegerField(editable=False)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(editable=False, blank=True)
    renderer = models.PositiveSmallIntegerField(editable=False, default=1)
    mentions = models.JSONField(null=True, editable=False)
    attachments = models.JSONField(null=True, editable=False)
    previews = models.JSONField(null=True, editable=False)
    poll = models.JSONField(null=True, editable=False)
    silent = models.BooleanField(_("silent"), default=False, editable=False)
    pinned = models.JSONField(null=True, editable=False)
    reply_to = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="answers",
        verbose_name=_("reply to"),
    )
    thread = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="thread_replies",
        verbose_name=_("in the thread of"),
    )
    in_room = models.BooleanField(default=True, editable=False)
    replies = models.JSONField(null=True, editable=False)
    created_at = models.DateTimeField(_("sent at"))
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)
    removed = models.BooleanField(default=False, db_default=False, editable=False)

    objects = MessageQuerySet.as_manager()
    serialized: Any = None
    """The message in the form that the verb has published (`chat.protocol.things.Message`); None if it has not."""

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["room", "seq"]
        indexes = [
            models.Index(fields=["room", "created_at"], name="message_room_time"),
            # Partial: few messages are replies.
            models.Index(fields=["reply_to"], name="message_reply_to", condition=Q(reply_to__isnull=False)),
            models.Index(fields=["room"], name="message_pinned", condition=Q(pinned__isnull=False)),
            # For those who remove what a guest wrote.
            models.Index(fields=["guest_id"], name="message_guest", condition=~Q(guest_id="")),
            models.Index(fields=["thread", "seq"], name="message_thread", condition=Q(thread__isnull=False)),
            # For the pages of a room: a long thread must not be read over and over by them.
            models.Index(fields=["room", "seq"], name="message_in_room", condition=Q(in_room=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="message_seq_once"),
            models.UniqueConstraint(fields=["room", "version"], name="message_version_once"),
            models.UniqueConstraint(fields=["sender_key", "client_id"], name="message_client_id_once"),
            models.CheckConstraint(
                name="message_outside_room_has_thread", condition=Q(in_room=True) | Q(thread__isnull=False)
            ),
            models.CheckConstraint(
                name="message_has_a_sender",
                condition=(Q(author__isnull=False) & Q(guest_name=""))
                | (Q(author__isnull=True) & ~Q(guest_name="") & ~Q(sender_key="")),
            ),
        ]

    def __str__(self):
        return f"{self.room_id}/{self.seq}"


class Revision(models.Model):
    """The text of a message before an edit or a deletion. Those who may see the history of its edits see it.

    `restorable` holds the former values of the columns that a deletion empties, for as long as it can be undone. Times
    are text there (`message_changes.to_restorable`). `removal` is the work that deleted the message together with
    others.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="revisions")
    text = models.TextField(_("text"))
    replaced_at = models.DateTimeField(_("replaced at"))
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("replaced by")
    )
    restorable = models.JSONField(null=True, editable=False)
    removal = models.ForeignKey(
        "chat.AccountWork", on_delete=models.SET_NULL, null=True, editable=False, db_index=False, related_name="+"
    )

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["message", "pk"]
        indexes = [
            models.Index(fields=["removal"], name="revision_removal", condition=Q(removal__isnull=False)),
        ]

    def __str__(self):
        return f"{self.message_id} · {self.replaced_at:%Y-%m-%d %H:%M}"


class Reaction(models.Model):
    """One emoji of one person under one message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, db_index=False, related_name="reactions")
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
    """One person who is mentioned in one message. `room`, `seq` and `in_room` are copied from the message: counting
    needs no join.

    A deleted message has no mentions.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentioned")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="mentions"
    )
    # db_index=False: no query asks for all mentions of a room, and rooms with messages are not deleted.
    room = models.ForeignKey(Room, on_delete=models.CASCADE, db_index=False, related_name="+")
    seq = models.BigIntegerField()
    in_room = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        # Begins with the user: the list of a person's mentions reads it from its end.
        constraints = [models.UniqueConstraint(fields=["user", "message"], name="mention_once")]
        indexes = [models.Index(fields=["user", "room", "seq"], name="mention_unread", condition=Q(in_room=True))]

    def __str__(self):
        return f"@{self.user_id}"
