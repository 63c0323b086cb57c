"""Rooms, and the counter of their changes."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.validators import RegexValidator
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .membership import Membership, Restriction


class RoomQuerySet(models.QuerySet):
    """Queries for rooms, by who may see them."""

    def visible_to(self, person):
        """Rooms that `person` may see: a user of the site, or anyone else as a guest.

        A user who was deactivated sees nothing, whatever the caller still holds in memory.
        """
        return self.visible_to_user(person.pk) if person.is_authenticated else self.visible_to_guests()

    def visible_to_user(self, user: int):
        """Rooms that the user with this primary key may see."""
        active = get_user_model()._default_manager.filter(pk=user, is_active=True)
        barred = Restriction.objects.filter(room=OuterRef("pk"), user_id=user, kind=Restriction.Kind.BARRED)
        return self.filter(Q(~Exists(barred), kind=Room.Kind.PUBLIC) | self._joined(user), Exists(active))

    def visible_to_guests(self):
        """Rooms that are open to people without an account."""
        return self.filter(kind=Room.Kind.PUBLIC).exclude(guests=Room.Guests.NONE)

    def of_session(self, session_key: str):
        """Rooms that the user of a valid session has joined, by the relation `memberships`."""
        return self.filter(
            memberships__user__is_active=True,
            memberships__user__sessions__session_key=session_key,
            memberships__user__sessions__expire_date__gt=Now(),
        )

    def current(self):
        """Rooms that are not archived."""
        return self.filter(archived_at=None)

    @staticmethod
    def _joined(user: int):
        return Exists(Membership.objects.filter(room=OuterRef("pk"), user_id=user))


class Room(models.Model):
    """A room. `slug` identifies it in the protocol and in addresses, and never changes."""

    class Kind(models.TextChoices):
        PUBLIC = "public", _("Public: every member of the site may join")
        PRIVATE = "private", _("Private: by invitation")
        DIRECT = "direct", _("Direct: between a few people")

    class Guests(models.TextChoices):
        NONE = "none", _("Guests see nothing")
        READ = "read", _("Guests may read")
        WRITE = "write", _("Guests may read and write")

    slug = models.CharField(
        _("slug"),
        max_length=64,
        unique=True,
        help_text=_("Part of the room's address. It never changes once made."),
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", _("Lower-case letters, digits and single hyphens."))],
    )
    name = models.CharField(_("name"), max_length=80)
    topic = models.CharField(_("topic"), max_length=250, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.PUBLIC)
    guests = models.CharField(_("guests"), max_length=5, choices=Guests.choices, default=Guests.NONE)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    slow_mode_s = models.PositiveIntegerField(
        _("slow mode"), default=0, help_text=_("Seconds a person waits between two messages; 0 for no wait.")
    )
    changed_version = models.BigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through=Membership, related_name="rooms")

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="room_guests_only_in_public",
                condition=Q(kind="public") | Q(guests="none"),
                violation_error_message=_("Only public rooms are open to guests."),
            )
        ]

    def __str__(self):
        return self.name


class RulesChanged(Exception):
    """Who may write in a room changed between the check and the change: check again."""


class RoomHead(models.Model):
    """The version of a room: the number of its last change, in a row of its own.

    `rules` is the version of the last change of who may see the room or write in it. Only `take` writes both, so that
    no `save()` of a form can put an old number back.
    """

    room = models.OneToOneField(Room, on_delete=models.CASCADE, primary_key=True, related_name="head")
    version = models.BigIntegerField(default=0)
    rules = models.BigIntegerField(default=0, db_default=0)

    def __str__(self):
        return f"{self.room_id}@{self.version}"

    @classmethod
    def take(cls, room_id: int) -> int:
        """Take the room's next version: an int ≥ 1. Call it late, inside the change's transaction.

        The row stays locked until commit, so versions are in commit order, on PostgreSQL and SQLite.
        """
        return cls._take("SET version = version + 1 WHERE room_id = %s", room_id)

    @classmethod
    def take_for_rules(cls, room_id: int) -> int:
        """Like `take`, for a change of who may see the room or write in it."""
        return cls._take("SET version = version + 1, rules = version + 1 WHERE room_id = %s", room_id)

    @classmethod
    def take_under_rules(cls, room_id: int, rules: int) -> int:
        """Like `take`. Raises RulesChanged, and takes nothing, unless the rules are still those of version `rules`.

        The condition is on the locked row itself: PostgreSQL checks it again after a wait for the lock (PostgreSQL
        documentation, 13.2.1 “Read Committed Isolation Level”).
        """
        version = cls._take("SET version = version + 1 WHERE room_id = %s AND rules = %s", room_id, rules)
        if version is None:
            raise RulesChanged
        return version

    @staticmethod
    def _take(change: str, *values: int) -> int | None:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE chat_roomhead {change} RETURNING version", values)
            row = cursor.fetchone()
            return row and row[0]
