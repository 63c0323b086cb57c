"""Lists: the rooms that a person may see, the members of a room, and what a person may do in a room."""

from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import gettext as _

from chat.models import Membership, Message, Room
from chat.protocol import replies, things

from . import access, members, moderation, people, policy, room_policy, site_permissions
from .errors import Forbidden
from .types import AnyPerson, Rows, VisibleRoom

ROOMS_A_PAGE = 50
MEMBERS_A_PAGE = 50
MAX_WORDS = 5
"""Of a search; what follows is one word with spaces. Each word is a condition for the database."""
_RANK = {Membership.Role.OWNER: 0, Membership.Role.MODERATOR: 1, Membership.Role.MEMBER: 2, Membership.Role.READER: 3}


def browse(person: AnyPerson, search: str = "", skip: int = 0) -> replies.BrowseReply:
    """A page of the rooms that `person` may see, by name, without direct and archived ones.

    At most 8 queries, 3 for guests.
    """
    visible = Room.objects.visible_to(person).current().exclude(kind=Room.Kind.DIRECT)
    found = visible.filter(_contains(search, "name", "topic", "slug")).order_by(Lower("name"), "pk")
    page = list(found[skip : skip + ROOMS_A_PAGE + 1])
    shown = page[:ROOMS_A_PAGE]
    return replies.BrowseReply(
        rooms=_listed(person, shown),
        more=len(page) > len(shown),
        may_create=site_permissions.kinds_to_create(site_permissions.of(person)),
    )


def _listed(person: AnyPerson, rooms: list[Room]) -> list[things.ListedRoom]:
    # Three queries for the page, instead of subqueries that SQLite would run for every room before it sorts them.
    ids = [room.pk for room in rooms]
    joined = Membership.objects.filter(room__in=ids)
    active = joined.filter(user__is_active=True).order_by()
    counts = dict(active.values_list("room").annotate(Count("pk")).values_list("room", "pk__count"))
    latest = Message.objects.filter(room=OuterRef("pk")).order_by("-seq").values("created_at")[:1]
    times = dict(Room.objects.filter(pk__in=ids).values_list("pk", Subquery(latest)))
    roles = dict(joined.filter(user=person.pk).values_list("room", "role")) if person.is_authenticated else {}
    return [
        things.ListedRoom(
            slug=room.slug,
            name=room.name,
            topic=room.topic,
            kind=room.kind,
            members=counts.get(room.pk, 0),
            last_at=times.get(room.pk),
            role=roles.get(room.pk),
        )
        for room in rooms
    ]


def about(person: AnyPerson, slug: str) -> replies.AboutReply:
    """A room's numbers, and what `person` may do with it. At most 12 queries. Raises NotFound."""
    room = access.get_visible(person, slug)
    mine = person.is_authenticated and Membership.objects.filter(room=room, user=person).first()
    granted = site_permissions.of(person)
    return replies.AboutReply(
        room=slug,
        created_at=room.created_at,
        members=_members_of(room).count(),
        owners=members.count_owners(room),
        notify=mine.notify if mine else None,
        may=room_policy.rights(room, granted),
        kinds=sorted({room.kind, *site_permissions.kinds_to_create(granted)}),
        reports=moderation.count_open(room) if _is_moderated(room) else None,
    )


def _is_moderated(room: VisibleRoom) -> bool:
    return room.my_role in policy.MODERATORS and room.kind != Room.Kind.DIRECT


def members_of(
    person: AnyPerson, slug: str, search: str = "", skip: int = 0, is_here: Callable[[str], bool] = lambda key: False
) -> replies.MembersReply:
    """A page of a room's members: owners first, then by name. Raises NotFound, and Forbidden for guests.

    `is_here` says whether the person with a `sender_key` has the room open. At most 4 queries.
    """
    room = access.get_visible(person, slug)
    if not person.is_authenticated:
        raise Forbidden(_("Sign in to see who is in this room."))
    handle, display_name = f"user__{get_user_model().USERNAME_FIELD}", "user__chat_profile__display_name"
    name = Lower(Coalesce(NullIf(display_name, Value("")), handle))
    rank = Case(*(When(role=role, then=Value(at)) for role, at in _RANK.items()), default=Value(len(_RANK)))
    found = _members_of(room).filter(_contains(search, handle, display_name)).order_by(rank, name, "pk")
    page = list(found.select_related("user__chat_profile")[skip : skip + MEMBERS_A_PAGE + 1])
    shown = page[:MEMBERS_A_PAGE]
    return replies.MembersReply(
        room=slug,
        members=[_member(each, room, person, is_here) for each in shown],
        total=found.count(),
        more=len(page) > len(shown),
    )


def _member(
    membership: Membership, room: VisibleRoom, asker: AnyPerson, is_here: Callable[[str], bool]
) -> things.Member:
    is_managed = room.kind != Room.Kind.DIRECT
    is_other = membership.user_id != asker.pk
    return things.Member(
        person=people.as_person(membership.user),
        role=membership.role,
        named_to_post=membership.named_to_post,
        here=is_here(people.sender_key(membership.user)),
        roles=room_policy.roles_to_give(room.my_role, membership.role) if is_managed and not room.archived_at else [],
        removable=is_managed and is_other and room_policy.may_remove(room.my_role, membership.role),
    )


def _members_of(room: Room) -> Rows:
    return Membership.objects.filter(room=room, user__is_active=True)


def _contains(search: str, *columns: str) -> Q:
    """The condition that the columns contain each word of `search`, without regard to case.

    SQLite ignores the case of ASCII letters only: so for others, the usual ways to write the word are tried.
    """
    condition = Q()
    for word in search.split(maxsplit=MAX_WORDS - 1):
        word = word.strip()
        forms = sorted({word, word.lower(), word.upper(), word.capitalize(), word.title()})
        condition &= Q(*(Q(**{f"{column}__icontains": form}) for column in columns for form in forms), _connector=Q.OR)
    return condition
