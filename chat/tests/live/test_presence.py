"""Presence: one process alone, and several that send each other gossip, some of which is lost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from chat.live.presence import NAMES_LIMIT, SILENT_S, Presence
from chat.tests.wire_message import wire_person

ROOMS = ["harbour", "garden"]


def you(key: str) -> dict:
    return {"user": wire_person(1, key), "guest": None}


def join(presence: Presence, room: str, *keys: str) -> None:
    for key in keys:
        presence.join(room, key, you(key))


def names(people: list[dict]) -> set[str]:
    return {person["user"]["name"] for person in people}


def changes(presence: Presence) -> dict:
    return {room: (names(joined), names(left)) for room, joined, left in presence.changes()}


def tell(sender: Presence, *receivers: Presence, full: bool = False, now: float = 0.0) -> None:
    gossip = sender.next_gossip(full=full)
    for receiver in receivers:
        if gossip is not None:
            receiver.receive(sender.token, gossip, now)


# --- One process


def test_presence_shows_that_alice_came_and_left():
    here = Presence("a")
    join(here, "harbour", "alice")
    assert here.online("harbour") == 1
    assert names(here.here("harbour")) == {"alice"}
    assert changes(here) == {"harbour": ({"alice"}, set())}
    here.leave("harbour", "alice")
    assert (here.online("harbour"), here.here("harbour")) == (0, [])
    assert changes(here) == {"harbour": (set(), {"alice"})}
    assert changes(here) == {}


def test_alice_is_present_while_one_of_her_connections_is_open():
    here = Presence("a")
    join(here, "harbour", "alice", "alice")
    here.leave("harbour", "alice")
    assert here.online("harbour") == 1
    here.leave("harbour", "alice")
    here.leave("harbour", "alice")
    assert here.online("harbour") == 0


def test_a_person_who_comes_and_leaves_within_a_second_is_not_shown():
    here = Presence("a")
    join(here, "harbour", "alice")
    here.leave("harbour", "alice")
    assert changes(here) == {}


def test_presence_of_one_room_does_not_affect_another():
    here = Presence("a")
    join(here, "harbour", "alice")
    join(here, "garden", "bob")
    assert (names(here.here("harbour")), names(here.here("garden"))) == ({"alice"}, {"bob"})
    assert here.online("nowhere") == 0


def test_the_number_of_names_is_limited_and_the_count_is_exact():
    here = Presence("a")
    join(here, "harbour", *(f"sailor {number}" for number in range(NAMES_LIMIT + 10)))
    assert here.online("harbour") == NAMES_LIMIT + 10
    assert len(here.here("harbour")) == NAMES_LIMIT
    ((_, joined, left),) = here.changes()
    assert (len(joined), left) == (NAMES_LIMIT, [])


# --- Several processes


def test_other_processes_get_the_changes():
    a, b = Presence("a"), Presence("b")
    join(a, "harbour", "alice")
    tell(a, b)
    assert names(b.here("harbour")) == {"alice"}
    assert a.next_gossip() is None
    a.leave("harbour", "alice")
    tell(a, b)
    assert b.online("harbour") == 0
    assert changes(b) == {}


def test_alice_is_one_person_on_two_processes():
    a, b = Presence("a"), Presence("b")
    join(a, "harbour", "alice")
    join(b, "harbour", "alice")
    tell(a, b)
    assert b.online("harbour") == 1
    changes(b)
    b.leave("harbour", "alice")
    assert b.online("harbour") == 1
    assert changes(b) == {}


def test_only_the_last_change_of_a_person_within_a_second_counts():
    a, b = Presence("a"), Presence("b")
    join(a, "harbour", "alice")
    tell(a, b)
    a.leave("harbour", "alice")
    join(a, "harbour", "alice")
    a.leave("harbour", "alice")
    tell(a, b)
    assert b.online("harbour") == 0


def test_full_gossip_repairs_what_was_lost():
    a, b = Presence("a"), Presence("b")
    join(a, "harbour", "alice")
    join(a, "garden", "alice")
    tell(a, b)
    a.leave("garden", "alice")
    a.leave("harbour", "alice")
    join(a, "harbour", "bob")
    a.next_gossip()  # lost
    tell(a, b, full=True)
    assert (names(b.here("harbour")), b.online("garden")) == ({"bob"}, 0)


def test_full_gossip_without_people_removes_former_ones():
    a, b = Presence("a"), Presence("b")
    join(a, "harbour", "alice")
    tell(a, b)
    a.leave("harbour", "alice")
    a.next_gossip()  # lost
    tell(a, b, full=True)
    assert b.online("harbour") == 0


def test_a_process_that_is_silent_is_removed_after_30_seconds():
    a, b = Presence("a"), Presence("b")
    join(a, "harbour", "alice")
    join(b, "harbour", "bob")
    tell(a, b, now=100.0)
    changes(b)
    b.forget_silent(100.0 + SILENT_S)
    assert b.online("harbour") == 2
    b.forget_silent(100.1 + SILENT_S)
    assert names(b.here("harbour")) == {"bob"}
    assert changes(b) == {"harbour": (set(), {"alice"})}


def test_a_process_that_sends_gossip_is_not_removed():
    a, b = Presence("a"), Presence("b")
    join(a, "harbour", "alice")
    for now in (0.0, 20.0, 40.0, 60.0):
        tell(a, b, full=True, now=now)
        b.forget_silent(now + 10)
        assert b.online("harbour") == 1


def test_a_process_that_announces_its_end_is_removed_at_once():
    a, b = Presence("a"), Presence("b")
    join(a, "harbour", "alice")
    tell(a, b)
    b.receive("a", {"gone": True, "rooms": {}}, 1.0)
    assert b.online("harbour") == 0


def test_gossip_of_this_process_itself_is_ignored():
    a = Presence("a")
    join(a, "harbour", "alice")
    a.receive("a", {"full": True, "rooms": {}}, 0.0)
    assert a.online("harbour") == 1


STEPS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["join", "leave", "tell", "tell all"]),
        st.sampled_from(ROOMS),
        st.sampled_from(["alice", "bob", "charlie"]),
        st.booleans(),
    ),
    max_size=60,
)


@settings(max_examples=100)
@given(STEPS)
def test_all_processes_agree_after_a_round_of_full_gossip(steps):
    """While gossip is lost, they may be wrong. After one round of full gossip all of them are right."""
    trackers = [Presence(str(number)) for number in range(3)]
    sockets = {}
    for number, verb, room, key, arrives in steps:
        sender = trackers[number]
        others = [other for other in trackers if other is not sender] if arrives else []
        if verb == "join":
            join(sender, room, key)
            sockets[number, room, key] = sockets.get((number, room, key), 0) + 1
        elif verb == "leave":
            sender.leave(room, key)
            sockets[number, room, key] = max(0, sockets.get((number, room, key), 0) - 1)
        else:
            tell(sender, *others, full=verb == "tell all")
    for sender in trackers:
        tell(sender, *(other for other in trackers if other is not sender), full=True)
    for room in ROOMS:
        truth = {key for (_, where, key), count in sockets.items() if where == room and count}
        for tracker in trackers:
            assert names(tracker.here(room)) == truth
            assert tracker.online(room) == len(truth)


@settings(max_examples=100)
@given(STEPS)
def test_changes_add_up_to_the_people_who_are_present(steps):
    trackers = [Presence(str(number)) for number in range(3)]
    shown = {room: set() for room in ROOMS}
    for number, verb, room, key, _arrives in steps:
        if verb == "join":
            join(trackers[number], room, key)
        elif verb == "leave":
            trackers[number].leave(room, key)
        else:
            for sender in trackers:
                tell(sender, *(other for other in trackers if other is not sender))
            for changed, (joined, left) in changes(trackers[0]).items():
                assert not joined & shown[changed]
                assert left <= shown[changed]
                shown[changed] = (shown[changed] | joined) - left
            assert shown == {room: names(trackers[0].here(room)) for room in ROOMS}
            for other in trackers[1:]:
                assert {room: names(other.here(room)) for room in ROOMS} == shown
