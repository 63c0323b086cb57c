"""The site: one row."""

import secrets

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from .prepared import prepared


def new_epoch() -> str:
    """A random epoch: see the glossary. A restore sets a new one, because it gives versions out a
    second time."""
    return secrets.token_hex(8)


class Allowed(models.TextChoices):
    """Who may do something on the site, besides those who have Django's permission for it. A circle (`Room.who_…`) is
    something else: members of one room."""

    EVERYONE = "everyone", _("Everyone with an account")
    MODERATORS = "moderators", _("Owners and moderators of a public room, and staff")
    STAFF = "staff", _("Staff")


class Site(models.Model):
    """The site's name, epoch and settings. There is one row, with primary key 1; `current()` returns it."""

    name = models.CharField(_("name"), max_length=80, default="Parley")
    epoch = models.CharField(max_length=16, default=new_epoch, editable=False)
    # Of the link that sets the site up, as `hash_token` makes it; empty afterwards.
    setup_token_hash = models.CharField(max_length=64, blank=True, editable=False)
    set_up_at = models.DateTimeField(_("set up"), null=True, editable=False)

    # Each belongs to a permission of `Room`: see chat/domain/site_permissions.py.
    who_creates_public = models.CharField(
        _("who creates public rooms"), max_length=10, choices=Allowed.choices, default=Allowed.EVERYONE
    )
    who_creates_private = models.CharField(
        _("who creates private rooms"), max_length=10, choices=Allowed.choices, default=Allowed.EVERYONE
    )
    who_invites = models.CharField(
        _("who makes invitation links"),
        max_length=10,
        choices=Allowed.choices,
        default=Allowed.MODERATORS,
        help_text=_(
            "With such a link, people create an account. Links to a room are made only by its owners and moderators."
        ),
    )
    who_opens_to_guests = models.CharField(
        _("who opens rooms to guests"),
        max_length=10,
        choices=Allowed.choices,
        default=Allowed.STAFF,
        help_text=_("Guests have no account: anyone on the network can read such a room."),
    )

    who_adds_emoji = models.CharField(
        _("who adds custom emoji"), max_length=10, choices=Allowed.choices, default=Allowed.EVERYONE
    )

    open_edit_history = models.BooleanField(
        _("everyone sees former texts"),
        default=False,
        help_text=_(
            "Everyone in a room sees what a message said before an edit. Else only its author and moderators do."
        ),
    )
    link_previews = models.BooleanField(
        _("previews of links"),
        default=True,
        help_text=_("The server fetches title and picture of the first three links of a message from their sites."),
    )

    read_receipts = models.BooleanField(
        _("read receipts"),
        default=True,
        help_text=_("In direct rooms, and rooms of at most 50 people, members see who has read their last message."),
    )

    tells_openings = models.BooleanField(
        _("tell members when a closed room is opened"),
        default=True,
        help_text=_("When a superuser opens a private or direct room in the admin to read it, its members are told."),
    )

    voice = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    """The account that writes in the name of the site: see chat/domain/site_voice.py."""
    mail_failed_at = models.DateTimeField(_("last mail failed"), null=True, editable=False)
    mail_error = models.CharField(_("why it failed"), max_length=250, blank=True, default="", editable=False)
    # How many guest numbers were given out.
    guests_named = models.BigIntegerField(default=0, editable=False)
    # How many changes of people there were: see the glossary.
    people_version = models.BigIntegerField(default=0, editable=False)
    # Another number after each change of a filter; 0 on a site that has none: see chat/domain/filters/stored.py.
    filters_version = models.BigIntegerField(default=0, editable=False)
    # The HTML of all messages is of this version of the renderer, or of a later one: see chat/domain/rendering.py.
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("site")
        permissions = [("watch_live", _("Can watch the live page of the admin"))]

    def __str__(self):
        return self.name

    @classmethod
    def current(cls) -> "Site":
        """The row of the site. Creates it on first use."""
        return _site.first() or cls.objects.get_or_create(pk=1)[0]

    @classmethod
    def reserve_guest_numbers(cls, count: int) -> int:
        """Reserve `count` numbers for new guests and return the first one, from 0. One UPDATE, so that no two workers
        get the same number."""
        return cls._add("guests_named", count) - count

    @classmethod
    def take_people_version(cls) -> int:
        """The next number of a change of a person, from 1. Call it late in the transaction of the change.

        The row stays locked until commit, so the numbers are in commit order, like the versions of a room.
        """
        return cls._add("people_version", 1)

    @classmethod
    def _add(cls, column: str, count: int) -> int:
        with connection.cursor() as cursor:
            # The first use finds no row: it is created, and the second round counts.
            while True:
                cursor.execute(
                    f"UPDATE chat_site SET {column} = {column} + %s WHERE id = 1 RETURNING {column}", [count]
                )
                row = cursor.fetchone()
                if row is not None:
                    return int(row[0])
                cls.current()


@prepared
def _site():
    return Site.objects.filter(pk=1)
