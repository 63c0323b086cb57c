"""Private and direct rooms are closed to staff, until a superuser opens one with a reason."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from chat.domain import acting, direct_rooms, group_rooms, room_openings, rooms, sites
from chat.domain.errors import Forbidden, Invalid
from chat.models import Message, RecordedAction, Room, RoomOpening
from chat.tests.cast import person

REASON = "A complaint by the police"


def readable(user) -> set[str]:
    return set(room_openings.readable_by(user).values_list("slug", flat=True))


def told() -> list[tuple[str, str]]:
    """(room, text) of each message."""
    return list(Message.objects.order_by("pk").values_list("room__slug", "text"))


@pytest.fixture
def direct(set_up_site, alice, bob) -> Room:
    """The conversation of Alice and Bob."""
    return direct_rooms.find_or_make(people=[bob.pk], by=alice)


def test_a_superuser_reads_a_private_room_for_an_hour_and_its_members_are_told(harbour, dora):
    assert readable(dora) == set()
    opening = room_openings.open_room(place="harbour", by=dora, reason=REASON)
    assert readable(dora) == {"harbour"}
    assert told() == [
        ("harbour", f"dora, an admin of the site, opened this room to read it. Reason: {REASON}"),
    ]
    row = RecordedAction.objects.get(verb="room.open")
    assert (row.actor, row.room, row.reason, row.after["members_told"]) == (dora.pk, harbour.pk, REASON, True)
    RoomOpening.objects.filter(pk=opening.pk).update(until=timezone.now() - timedelta(seconds=1))
    assert readable(dora) == set()


def test_an_opening_is_for_one_superuser_and_ends_with_their_rights(harbour, dora):
    room_openings.open_room(place="harbour", by=dora, reason=REASON)
    assert readable(person("frank", is_staff=True, is_superuser=True)) == set()
    type(dora).objects.filter(pk=dora.pk).update(is_superuser=False)
    assert readable(dora) == set()


def test_the_people_of_a_direct_room_are_told_by_the_site(direct, dora, alice, bob):
    room_openings.open_room(place="bob, @alice", by=dora, reason=REASON)
    assert readable(dora) == {direct.slug}
    text = f"dora, an admin of the site, opened the conversation alice, bob to read it. Reason: {REASON}"
    assert [body for _room, body in told()] == [text, text]
    assert direct.slug not in {slug for slug, _body in told()}


def test_the_owners_of_an_archived_room_are_told_by_the_site(harbour, dora, alice):
    rooms.archive(room=harbour)
    room_openings.open_room(place="harbour", by=dora, reason=REASON)
    ((slug, body),) = told()
    assert "opened the archived room “Harbour”" in body
    assert Room.objects.get(slug=slug).memberships.filter(user=alice).exists()


def test_nobody_is_told_if_the_site_says_so(harbour, dora):
    sites.tell_openings(on=False)
    room_openings.open_room(place="harbour", by=dora, reason=REASON)
    assert told() == []
    assert RecordedAction.objects.get(verb="room.open").after["members_told"] is False


@pytest.mark.parametrize("place", ["", "no-such-room", "lobby", "alice charlie", "nobody"])
def test_only_a_closed_room_that_exists_is_opened(harbour, lobby, direct, dora, charlie, place):
    with pytest.raises(Invalid) as refused:
        room_openings.open_room(place=place, by=dora, reason=REASON)
    assert refused.value.field == "place"


def test_a_reason_is_needed(harbour, dora):
    with pytest.raises(Invalid) as refused:
        room_openings.open_room(place="harbour", by=dora, reason="  ")
    assert refused.value.field == "reason"


def test_only_superusers_open_rooms(harbour, alice, dora):
    erin = person("erin", is_staff=True)
    type(dora).objects.filter(pk=dora.pk).update(is_superuser=False)
    for other in (alice, erin, dora):
        with pytest.raises(Forbidden):
            room_openings.open_room(place="harbour", by=other, reason=REASON)
    assert not RoomOpening.objects.exists()


def test_members_may_enter_and_others_after_an_opening(harbour, lobby, alice, dora):
    room_openings.check_may_enter(room=harbour, by=alice)
    room_openings.check_may_enter(room=lobby, by=dora)
    with pytest.raises(Forbidden):
        room_openings.check_may_enter(room=harbour, by=dora)
    room_openings.open_room(place="harbour", by=dora, reason=REASON)
    room_openings.check_may_enter(room=harbour, by=dora)


def test_nobody_comes_in_by_a_group_that_they_give_themselves(harbour, dora, charlie):
    crew = Group.objects.create(name="crew")
    group_rooms.bind(room=harbour, groups=[crew], by=dora)
    acting.begin(dora, "")
    try:
        crew.user_set.add(dora, charlie)
    finally:
        acting.end()
    assert set(harbour.memberships.filter(user__in=[dora, charlie]).values_list("user", flat=True)) == {charlie.pk}
