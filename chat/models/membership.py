"""Memberships of rooms, and restrictions of people who are not members."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Membership(models.Model):
    """One person in one room.

    `read_seq` is their read position: the `seq` of the last message that they have read. It goes back only when they
    mark messages as unread; `unread_marks` counts how often, so that clients know which of two positions is newer.

    `favourite` is the room's place among the person's favourites, None for other rooms. `hidden_seq` is the version
    that a direct room had when they hid it from their list: the next message has a higher `seq`, and brings it back.

    `named_to_post` counts in rooms where only named people post (`Room.Posting.NAMED`). `by_group`: a Django group of
    the room (`Room.groups`) made them a member, so they leave the room with that group.
    """

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        MODERATOR = "moderator", _("Moderator")
        MEMBER = "member", _("Member")
        READER = "reader", _("Reader")

    class Notify(models.TextChoices):
        ALL = "all", _("Every message")
        MENTIONS = "mentions", _("Mentions")
        NONE = "none", _("Nothing")

    # db_index=False: the index of the unique constraint begins with the room.
    room = models.ForeignKey("chat.Room", on_delete=models.CASCADE, db_index=False, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=9, choices=Role.choices, default=Role.MEMBER)
    named_to_post = models.BooleanField(
        _("named to post"),
        default=False,
        db_default=False,
        help_text=_("Counts in rooms where only named people post."),
    )
    by_group = models.BooleanField(_("by a group"), default=False, db_default=False, editable=False)
    notify = models.CharField(_("notify"), max_length=8, choices=Notify.choices, default=Notify.MENTIONS)
    read_seq = models.BigIntegerField(default=0, editable=False)
    unread_marks = models.PositiveIntegerField(default=0, editable=False)
    favourite = models.PositiveIntegerField(null=True, editable=False)
    muted = models.BooleanField(_("muted"), default=False, db_default=False, editable=False)
    hidden_seq = models.BigIntegerField(null=True, editable=False)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["room", "user"], name="membership_once")]

    def __str__(self):
        return f"{self.user} · {self.room}"


class Restriction(models.Model):
    """Limits what a person who is not a member may do in a room, until a moderator deletes it.

    A reader who leaves gets one, so that they can only rejoin as a reader. A member who is removed gets one, so that
    they cannot rejoin. Members have none: their role says what they may do.
    """

    class Kind(models.TextChoices):
        READER = "reader", _("Reader: may come back to read")
        BANNED = "banned", _("Banned: may neither see the room nor join it")

    room = models.ForeignKey("chat.Room", on_delete=models.CASCADE, db_index=False, related_name="restrictions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="restrictions")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    made_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")
        constraints = [models.UniqueConstraint(fields=["room", "user"], name="restriction_once")]

    def __str__(self):
        return f"{self.user} · {self.room} · {self.kind}"
