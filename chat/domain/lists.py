"""Lists of rooms, each read by one compiled query.

The rows are named tuples, because making model instances takes longer than reading them. They have the attributes of a
room from `access.get_with_counts`, and `site_name`.
"""

from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, OuterRef

from chat.models import Membership, Room
from chat.models.prepared import prepared

from . import people
from .annotations import for_guests, for_user, mentioned, sender_key, site, unread, with_counts, without_counts


def rooms_of(person, ahead: list | None = None) -> list:
    """The rooms on a person's list, by name, with unread counts: a user's memberships, or what guests may see.

    `ahead` are rows that `rooms_of_session` has just returned: they are the answer if they belong to this person.
    Otherwise one query.
    """
    if person.is_authenticated:
        if ahead and ahead[0].owner_id == person.pk:
            return ahead
        return _listed_for_user(user=person.pk, reader=people.sender_key(person))
    return _listed_for_guests()


@prepared
def rooms_of_session(*, session_key: str):
    """Like `rooms_of`, for the user of a valid session; empty when the session is not valid. One query.

    Each row also has `session_data`, and the columns from which `owner_of` makes the user.
    """
    joined = Room.objects.of_session(session_key)
    listed = joined.annotate(head_version=F("head__version"), my_role=F("memberships__role"))
    user = OuterRef("memberships__user_id")
    counted = with_counts(listed, user, sender_key(user), mine="memberships")
    told = counted.annotate(
        owner_id=F("memberships__user_id"), session_data=F("memberships__user__sessions__session_data")
    )
    account = [f"memberships__user__{name}" for name in ACCOUNT]
    return _as_rows(told, "owner_id", "session_data", *account)


def owner_of(row):
    """The user of a row of `rooms_of_session`. Fields that are not in ACCOUNT are deferred."""
    return get_user_model().from_db(DEFAULT_DB_ALIAS, ACCOUNT, row[-len(ACCOUNT) :])


def unread_counts(room_id: int, user_ids: list[int]) -> list[tuple[int, int, int]]:
    """(user id, unread, mentions) for each of `user_ids` that has a membership in the room. One query."""
    counted = Membership.objects.filter(room_id=room_id, user_id__in=user_ids).annotate(
        unread=unread(room_id, sender_key(OuterRef("user_id")), OuterRef("read_seq")),
        mentioned=mentioned(room_id, OuterRef("user_id"), OuterRef("read_seq")),
    )
    return list(counted.values_list("user_id", "unread", "mentioned"))


@prepared
def _listed_for_user(*, user: int, reader: str):
    listed = for_user(Room.objects.visible_to_user(user), user).exclude(my_role=None)
    return _as_rows(with_counts(listed, user, reader))


@prepared
def _listed_for_guests():
    return _as_rows(without_counts(for_guests().current()))


def _as_rows(queryset, *more: str):
    columns = "pk slug name topic kind guests archived_at slow_mode_s changed_version head_version my_role my_read"
    named = queryset.annotate(site_name=site("name"))
    return named.values_list(*columns.split(), "unread", "mentioned", "epoch", "site_name", *more, named=True)


def _account_fields() -> list[str]:
    model = get_user_model()
    wanted = {model._meta.pk.name, model.USERNAME_FIELD, "password", "is_active", "is_staff", "is_superuser"}
    return [field.attname for field in model._meta.concrete_fields if field.name in wanted]


ACCOUNT = _account_fields()
"""The fields of a user that pages and sockets need. Only those, because each row of a list repeats them."""
