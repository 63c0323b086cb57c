"""Rooms, and the counter of their changes."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.validators import RegexValidator
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .guest_ban import GuestBan
from .membership import Membership, Restriction


class RoomQuerySet(models.QuerySet):
    """Queries for rooms."""

    def visible_to(self, person: Any) -> Self:
        """Rooms that `person` may see: a user or a guest.

        The database is asked whether the user is active and whether the guest is banned, because the instance in
        memory may be older.
        """
        if person.is_authenticated:
            return self.visible_to_user(person.pk)
        return self.visible_to_guests().filter(~Exists(GuestBan.objects.of_person(person)))

    def visible_to_user(self, user: int) -> Self:
        """Rooms that the user with this primary key may see."""
        active = get_user_model()._default_manager.filter(pk=user, is_active=True)
        banned = Restriction.objects.filter(room=OuterRef("pk"), user_id=user, kind=Restriction.Kind.BANNED)
        return self.filter(Q(~Exists(banned), kind=Room.Kind.PUBLIC) | self._joined(user), Exists(active))

    def visible_to_guests(self) -> Self:
        """Rooms that are visible to guests who are not banned."""
        return self.filter(kind=Room.Kind.PUBLIC).exclude(guests=Room.Guests.NONE)

    def current(self) -> Self:
        """Rooms that are not archived, and not being deleted."""
        return self.filter(archived_at=None, deleted_at=None)

    @staticmethod
    def _joined(user: int):
        return Exists(Membership.objects.filter(room=OuterRef("pk"), user_id=user))


class Room(models.Model):
    """A room. `slug` identifies it in the protocol and in URLs, and never changes.

    A direct room has no name and always the same people. `direct_key` is made of their ids: at most one room has it.
    """

    DIRECT_PEOPLE = 9
    """The largest number of people in a direct room."""

    class Kind(models.TextChoices):
        PUBLIC = "public", _("Public")
        PRIVATE = "private", _("Private")
        DIRECT = "direct", _("Direct")

    class Guests(models.TextChoices):
        NONE = "none", _("Guests see nothing")
        READ = "read", _("Guests may read")
        WRITE = "write", _("Guests may read and write")

    class Posting(models.TextChoices):
        """Who may write new messages."""

        EVERYONE = "everyone", _("Everyone who may write here")
        NAMED = "named", _("Owners, moderators and the people whom they name")
        MODERATORS = "moderators", _("Owners and moderators")
        NOBODY = "nobody", _("Nobody: the room is read-only")

    class Circle(models.TextChoices):
        """The members who may do something, by their role. Readers never may."""

        MEMBERS = "members", _("All members")
        MODERATORS = "moderators", _("Owners and moderators")
        OWNERS = "owners", _("Owners")

    slug = models.CharField(
        _("slug"),
        max_length=64,
        unique=True,
        help_text=_("Part of the room's address. It never changes once made."),
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", _("Lower-case letters, digits and single hyphens."))],
    )
    name = models.CharField(_("name"), max_length=80)
    topic = models.CharField(_("topic"), max_length=250, blank=True)
    kind = models.CharField(
        _("kind"),
        max_length=8,
        choices=Kind.choices,
        default=Kind.PUBLIC,
        help_text=_("Every member of the site may join a public room. Others join a private one by invitation."),
    )
    guests = models.CharField(_("guests"), max_length=5, choices=Guests.choices, default=Guests.NONE)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    slow_mode_s = models.PositiveIntegerField(
        _("slow mode"), default=0, help_text=_("Seconds a person waits between two messages; 0 for no wait.")
    )
    who_posts = models.CharField(
        _("who posts"), max_length=10, choices=Posting.choices, default=Posting.EVERYONE, db_default=Posting.EVERYONE
    )
    who_invites = models.CharField(
        _("who adds people"),
        max_length=10,
        choices=Circle.choices,
        default=Circle.MEMBERS,
        db_default=Circle.MEMBERS,
        help_text=_("Only owners and moderators make invitation links to the room."),
    )
    who_pins = models.CharField(
        _("who pins messages"), max_length=10, choices=Circle.choices, default=Circle.MEMBERS, db_default=Circle.MEMBERS
    )
    who_mentions_all = models.CharField(
        _("who mentions all (@all, @here)"),
        max_length=10,
        choices=Circle.choices,
        default=Circle.MODERATORS,
        db_default=Circle.MODERATORS,
    )
    is_default = models.BooleanField(
        _("for newcomers"),
        default=False,
        db_default=False,
        help_text=_("Everyone who gets an account becomes a member."),
    )
    groups = models.ManyToManyField(
        "auth.Group",
        blank=True,
        related_name="rooms",
        verbose_name=_("groups"),
        help_text=_("The people of these groups are members. Who leaves the group leaves the room."),
    )
    # Since when a job deletes the room. It has no members from then on, so nobody sees it.
    deleted_at = models.DateTimeField(_("deleted"), null=True, editable=False)
    changed_version = models.BigIntegerField(default=0, editable=False)
    # Null, because all other rooms would have the same empty key.
    direct_key = models.CharField(max_length=200, null=True, unique=True, editable=False)  # noqa: DJ001
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through=Membership, related_name="rooms")

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["name", "pk"]
        # Settings of the site allow the same to more people: see chat/domain/site_permissions.py.
        permissions = [
            ("create_public_room", _("Can create public rooms")),
            ("create_private_room", _("Can create private rooms")),
            ("invite_people", _("Can make invitation links")),
            ("open_to_guests", _("Can open rooms to guests")),
            ("add_custom_emoji", _("Can add custom emoji")),
        ]
        constraints = [
            models.CheckConstraint(
                name="room_guests_only_in_public",
                condition=Q(kind="public") | Q(guests="none"),
                violation_error_message=_("Only public rooms are open to guests."),
            ),
            models.CheckConstraint(
                name="room_direct_has_key",
                condition=Q(kind="direct", direct_key__isnull=False) | ~Q(kind="direct") & Q(direct_key=None),
                violation_error_message=_("A direct room is made by choosing its people."),
            ),
        ]

    def __str__(self):
        return self.name or self.slug


class RulesChanged(Exception):
    """The rules of a room changed between the check of a permission and the write. Check again."""


class RoomHead(models.Model):
    """The version of a room: the number of its last change; and when something was last written in it.

    `rules` is the version of the last change of who may see the room or write in it. `last_seq` is the seq of the
    latest message that the room shows, 0 without one; `active_at` the time of that message, or else of the room's
    creation. A table of its own, which only the `take` methods and `insert_with_next_version` write: `Room.save()`
    could write an old number.
    """

    room = models.OneToOneField(Room, on_delete=models.CASCADE, primary_key=True, related_name="head")
    version = models.BigIntegerField(default=0)
    rules = models.BigIntegerField(default=0)
    last_seq = models.BigIntegerField(default=0)
    active_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"{self.room_id}@{self.version}"

    @classmethod
    def take(cls, room_id: int) -> int:
        """Take the next version of the room: an int ≥ 1. Call it late in the transaction of the change.

        The row stays locked until commit, so versions are in commit order, on PostgreSQL and SQLite.
        """
        return cls._take("SET version = version + 1 WHERE room_id = %s", room_id)

    @classmethod
    def take_for_rules(cls, room_id: int) -> int:
        """Like `take`, for a change of who may see the room or write in it."""
        return cls._take("SET version = version + 1, rules = version + 1 WHERE room_id = %s", room_id)

    @classmethod
    def take_under_rules(cls, room_id: int, rules: int, shown_at: datetime | None = None) -> int:
        """Like `take`, but raises RulesChanged if the rules have changed since version `rules`.

        `shown_at`: the time of the new message, if the change is one that the room shows.

        PostgreSQL checks the condition again after it has waited for the lock of the row (PostgreSQL documentation,
        13.2.1 “Read Committed Isolation Level”).
        """
        change = cls.change_for(shown_at is not None)
        shown = () if shown_at is None else (connection.ops.adapt_datetimefield_value(shown_at),)
        version = cls._take(f"{change} WHERE room_id = %s AND rules = %s", *shown, room_id, rules)
        if version is None:
            raise RulesChanged
        return version

    @staticmethod
    def change_for(is_shown: bool) -> str:
        """What a new message changes, as SQL. If the room shows it, the SQL has a parameter for its time."""
        change = "SET version = version + 1"
        return f"{change}, last_seq = version + 1, active_at = %s" if is_shown else change

    @staticmethod
    def _take(change: str, *values: Any) -> int | None:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE chat_roomhead {change} RETURNING version", values)
            row = cursor.fetchone()
            return row and row[0]
