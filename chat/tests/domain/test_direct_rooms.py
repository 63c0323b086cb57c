"""Direct rooms: who finds or makes one, and that it stays as it is."""

import pytest

from chat.domain import access, direct_rooms, messages, room_directory, room_lists, rooms, sidebar, throttle, timeline
from chat.domain.errors import Forbidden, Invalid, NotFound, SlowDown
from chat.models import Membership, Room
from chat.tests.cast import person
from chat.tests.talk import frames, post_message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def set_up(set_up_site):
    """All tests need the site."""


@pytest.fixture
def direct(alice, bob) -> Room:
    """The direct room of Alice and Bob, which Alice has made."""
    return direct_rooms.find_or_make(people=[bob.pk], by=alice)


def people_in(room) -> set[int]:
    return set(room.members.values_list("pk", flat=True))


def listed(user) -> dict[str, bool]:
    """The slugs of the rooms on a person's list, and whether each is hidden."""
    return {state.slug: state.hidden for state in timeline.rooms_of(user)}


def test_the_same_people_find_the_same_room(direct, alice, bob, charlie):
    assert people_in(direct) == {alice.pk, bob.pk}
    for finder, other in ((alice, bob), (bob, alice)):
        assert direct_rooms.find_or_make(people=[other.pk], by=finder) == direct
    assert direct_rooms.find_or_make(people=[bob.pk, alice.pk], by=alice) == direct
    three = direct_rooms.find_or_make(people=[bob.pk, charlie.pk], by=alice)
    assert three != direct
    assert direct_rooms.find_or_make(people=[alice.pk, bob.pk], by=charlie) == three
    assert Room.objects.count() == 2


def test_a_room_with_only_oneself_is_for_notes(alice):
    notes = direct_rooms.find_or_make(people=[alice.pk], by=alice)
    assert people_in(notes) == {alice.pk}
    assert direct_rooms.find_or_make(people=[alice.pk], by=alice) == notes
    [state] = timeline.rooms_of(alice)
    assert [each.name for each in state.people] == ["alice"]


def test_each_viewer_gets_all_people_and_no_name(direct, alice, bob):
    for viewer in (alice, bob):
        state = timeline.open_room(viewer, direct.slug).state
        assert (state.kind, state.name, state.role) == ("direct", "", "member")
        assert [(each.id, each.name) for each in state.people] == [(alice.pk, "alice"), (bob.pk, "bob")]


def test_each_message_of_a_direct_room_notifies_its_people(direct, alice, bob):
    for member in (alice, bob):
        assert room_directory.about(member, direct.slug).notify == "all"


def test_the_list_of_rooms_has_the_people_of_direct_rooms_only(direct, harbour, alice):
    states = {state.slug: state for state in timeline.rooms_of(alice)}
    assert [each.name for each in states[direct.slug].people] == ["alice", "bob"]
    assert states["harbour"].people == []


def test_strangers_guests_and_former_accounts_do_not_see_it(direct, charlie, gina, dora, bob):
    for stranger in (charlie, gina, dora):
        with pytest.raises(NotFound):
            access.get_visible(stranger, direct.slug)
        assert direct.slug not in listed(stranger)
    assert access.who_may_see(direct.slug, [charlie.pk, dora.pk, bob.pk]) == {bob.pk}
    assert direct not in rooms.joinable(charlie)


@pytest.mark.parametrize(
    "people",
    [
        ["bob", "bob"],
        [],
        ["closed"],
        ["bob", "closed"],
        [10**9],
        [0],
        [2**63 - 1],
        [f"sailor-{n}" for n in range(9)],
        ["alice", *(f"sailor-{n}" for n in range(9))],
    ],
    ids=["twice", "nobody", "closed", "one closed", "unknown", "zero", "huge", "nine", "nine and oneself"],
)
def test_wrong_people_are_refused(alice, bob, people):
    ids = {"alice": alice.pk, "bob": bob.pk, "closed": person("closed", is_active=False).pk}
    ids |= {name: person(name).pk for name in people if str(name).startswith("sailor")}
    with pytest.raises(Invalid) as refused:
        direct_rooms.find_or_make(people=[ids.get(name, name) for name in people], by=alice)
    assert refused.value.field == "people"
    assert str(refused.value.detail)
    assert not Room.objects.exists()


def test_eight_others_fit(alice):
    crew = [person(f"sailor-{n}") for n in range(8)]
    room = direct_rooms.find_or_make(people=[sailor.pk for sailor in crew], by=alice)
    assert people_in(room) == {alice.pk, *(sailor.pk for sailor in crew)}


def test_guests_have_no_direct_rooms(bob, gina):
    with pytest.raises(Forbidden):
        direct_rooms.find_or_make(people=[bob.pk], by=gina)


def test_one_can_still_open_the_room_of_a_closed_account(direct, alice, bob):
    bob.is_active = False
    bob.save()
    assert direct_rooms.find_or_make(people=[bob.pk], by=alice) == direct


def test_a_direct_room_never_changes_its_people_or_its_kind(direct, alice, bob, charlie):
    for change in (
        lambda: rooms.join(room=direct, user=charlie),
        lambda: rooms.join(room=direct, user=charlie, role="member"),
        lambda: rooms.join_public(room=direct.slug, user=bob),
        lambda: rooms.leave(room=direct, user=bob),
        lambda: rooms.remove(room=direct, user=bob),
        lambda: rooms.set_role(room=direct, user=bob, role="owner"),
        lambda: rooms.change(room=direct, kind="public"),
        lambda: rooms.change(room=direct, kind="private"),
        lambda: rooms.change(room=direct, guests="read"),
        lambda: rooms.change(room=direct, name="Pier"),
        lambda: rooms.archive(room=direct),
    ):
        with pytest.raises(Forbidden):
            change()
    stored = Room.objects.get(pk=direct.pk)
    assert (stored.kind, stored.name, people_in(stored)) == ("direct", "", {alice.pk, bob.pk})


def test_no_other_room_becomes_direct(harbour):
    with pytest.raises(Invalid):
        rooms.change(room=harbour, kind="direct")
    with pytest.raises(Invalid):
        rooms.create(slug="two", name="Two", kind="direct")


def test_the_others_see_it_with_the_first_message(direct, alice, bob):
    assert listed(alice) == {direct.slug: False}
    assert listed(bob) == {direct.slug: True}
    post_message(direct, alice)
    assert listed(bob) == {direct.slug: False}


def test_everyone_gets_the_event_with_their_own_state(alice, bob, charlie, capture_published):
    with capture_published() as envelopes:
        direct_rooms.find_or_make(people=[bob.pk, charlie.pk], by=alice)
    pairs = zip(envelopes, frames(envelopes), strict=True)
    hidden_for = {envelope.users: event["state"]["hidden"] for envelope, event in pairs}
    assert hidden_for == {(alice.pk,): False, (bob.pk, charlie.pk): True}
    assert {event["type"] for event in frames(envelopes)} == {"room_added"}


def test_opening_a_hidden_room_brings_it_back(direct, alice, bob, capture_published):
    sidebar.hide(room=direct.slug, user=alice, on=True)
    with capture_published() as envelopes:
        direct_rooms.find_or_make(people=[bob.pk], by=alice)
    assert listed(alice) == {direct.slug: False}
    assert frames(envelopes) == [{"type": "room_choices", "room": direct.slug, "muted": False, "hidden": False}]


def test_a_hidden_room_stays_hidden_until_the_next_message(direct, alice, bob):
    post_message(direct, alice)
    message = post_message(direct, bob)
    sidebar.hide(room=direct.slug, user=alice, on=True)
    assert listed(alice) == {direct.slug: True}
    [state] = timeline.rooms_of(alice)
    assert state.unread == 0
    messages.react(message=message.pk, by=bob, emoji="👍", on=True)
    messages.edit(message=message.pk, by=bob, body="Aye")
    assert listed(alice) == {direct.slug: True}
    post_message(direct, bob)
    assert listed(alice) == {direct.slug: False}


def test_the_state_says_when_something_was_last_written(direct, alice, bob):
    [before] = timeline.rooms_of(alice)
    message = post_message(direct, bob)
    [state] = timeline.rooms_of(alice)
    assert before.active_at < state.active_at == message.created_at
    assert [row[4] for row in room_lists.unread_counts(direct.pk, [alice.pk])] == [message.created_at]


def test_many_new_rooms_of_one_person_are_slowed_down(alice, monkeypatch):
    monkeypatch.setattr(throttle, "DIRECT", throttle.Rule("direct-test", (throttle.Limit(2, 60),)))
    crew = [person(f"sailor-{n}") for n in range(3)]
    for sailor in crew[:2]:
        direct_rooms.find_or_make(people=[sailor.pk], by=alice)
    with pytest.raises(SlowDown):
        direct_rooms.find_or_make(people=[crew[2].pk], by=alice)
    direct_rooms.find_or_make(people=[crew[0].pk], by=alice)


def test_mentions_work_among_the_people_of_the_room(direct, alice, bob, charlie):
    message = post_message(direct, alice, "@bob @charlie")
    assert message.mentions["people"] == [bob.pk]
    assert Membership.objects.filter(room=direct).count() == 2
