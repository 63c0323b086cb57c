"""Who is here: one process by itself, and several that gossip over a line which loses what they say."""

from hypothesis import given, settings
from hypothesis import strategies as st

from chat.live.presence import NAMES_LIMIT, SILENT_S, Presence

ROOMS = ["harbour", "garden"]


def you(key: str) -> dict:
    return {"user": {"id": 1, "name": key, "avatar": None}, "guest": None}


def join(presence: Presence, room: str, *keys: str) -> None:
    for key in keys:
        presence.join(room, key, you(key))


def names(people: list[dict]) -> set[str]:
    return {person["user"]["name"] for person in people}


def changes(presence: Presence) -> dict:
    return {room: (names(joined), names(left)) for room, joined, left in presence.changes()}


def tell(speaker: Presence, *hearers: Presence, full: bool = False, now: float = 0.0) -> None:
    said = speaker.tell(full=full)
    for hearer in hearers:
        if said is not None:
            hearer.hear(speaker.token, said, now)


# --- One process


def test_alice_comes_and_goes():
    here = Presence("a")
    join(here, "harbour", "alice")
    assert here.online("harbour") == 1
    assert names(here.here("harbour")) == {"alice"}
    assert changes(here) == {"harbour": ({"alice"}, set())}
    here.leave("harbour", "alice")
    assert (here.online("harbour"), here.here("harbour")) == (0, [])
    assert changes(here) == {"harbour": (set(), {"alice"})}
    assert changes(here) == {}


def test_alice_is_here_as_long_as_one_of_her_sockets_is():
    here = Presence("a")
    join(here, "harbour", "alice", "alice")
    here.leave("harbour", "alice")
    assert here.online("harbour") == 1
    here.leave("harbour", "alice")
    here.leave("harbour", "alice")
    assert here.online("harbour") == 0


def test_who_comes_and_goes_within_a_second_is_not_told_of():
    here = Presence("a")
    join(here, "harbour", "alice")
    here.leave("harbour", "alice")
    assert changes(here) == {}


def test_rooms_are_apart():
    here = Presence("a")
    join(here, "harbour", "alice")
    join(here, "garden", "bob")
    assert (names(here.here("harbour")), names(here.here("garden"))) == ({"alice"}, {"bob"})
    assert here.online("nowhere") == 0


def test_names_have_a_limit_and_the_count_has_none():
    here = Presence("a")
    join(here, "harbour", *(f"sailor {number}" for number in range(NAMES_LIMIT + 10)))
    assert here.online("harbour") == NAMES_LIMIT + 10
    assert len(here.here("harbour")) == NAMES_LIMIT
    ((_, joined, left),) = here.changes()
    assert (len(joined), left) == (NAMES_LIMIT, [])


# --- Several


def test_others_hear_of_changes():
    a, b = Presence("a"), Presence("b")
    join(a, "harbour", "alice")
    tell(a, b)
    assert names(b.here("harbour")) == {"alice"}
    assert a.tell() is None
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


def test_whoever_left_in_the_end_is_gone_whatever_they_did_within_the_second():
    a, b = Presence("a"), Presence("b")
    join(a, "harbour", "alice")
    tell(a, b)
    a.leave("harbour", "alice")
    join(a, "harbour", "alice")
    a.leave("harbour", "alice")
    tell(a, b)
    assert b.online("harbour") == 0


def test_everything_makes_up_for_what_was_lost():
    a, b = Presence("a"), Presence("b")
    join(a, "harbour", "alice")
    join(a, "garden", "alice")
    tell(a, b)
    a.leave("garden", "alice")
    a.leave("harbour", "alice")
    join(a, "harbour", "bob")
    a.tell()  # lost
    tell(a, b, full=True)
    assert (names(b.here("harbour")), b.online("garden")) == ({"bob"}, 0)


def test_nobody_here_is_also_something_to_say():
    a, b = Presence("a"), Presence("b")
    join(a, "harbour", "alice")
    tell(a, b)
    a.leave("harbour", "alice")
    a.tell()  # lost
    tell(a, b, full=True)
    assert b.online("harbour") == 0


def test_a_process_that_is_silent_is_forgotten_after_30_seconds():
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


def test_whoever_still_speaks_is_not_forgotten():
    a, b = Presence("a"), Presence("b")
    join(a, "harbour", "alice")
    for now in (0.0, 20.0, 40.0, 60.0):
        tell(a, b, full=True, now=now)
        b.forget_silent(now + 10)
        assert b.online("harbour") == 1


def test_a_process_that_says_goodbye_is_forgotten_at_once():
    a, b = Presence("a"), Presence("b")
    join(a, "harbour", "alice")
    tell(a, b)
    b.hear("a", {"gone": True, "rooms": {}}, 1.0)
    assert b.online("harbour") == 0


def test_ones_own_echo_is_not_heard():
    a = Presence("a")
    join(a, "harbour", "alice")
    a.hear("a", {"full": True, "rooms": {}}, 0.0)
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
def test_trackers_agree_once_each_has_said_everything(steps):
    """Between times they may be wrong: gossip is lost. After one full round all of them know, and it is the truth."""
    trackers = [Presence(str(number)) for number in range(3)]
    sockets = {}
    for number, verb, room, key, arrives in steps:
        speaker = trackers[number]
        others = [other for other in trackers if other is not speaker] if arrives else []
        if verb == "join":
            join(speaker, room, key)
            sockets[number, room, key] = sockets.get((number, room, key), 0) + 1
        elif verb == "leave":
            speaker.leave(room, key)
            sockets[number, room, key] = max(0, sockets.get((number, room, key), 0) - 1)
        else:
            tell(speaker, *others, full=verb == "tell all")
    for speaker in trackers:
        tell(speaker, *(other for other in trackers if other is not speaker), full=True)
    for room in ROOMS:
        truth = {key for (_, where, key), count in sockets.items() if where == room and count}
        for tracker in trackers:
            assert names(tracker.here(room)) == truth
            assert tracker.online(room) == len(truth)


@settings(max_examples=100)
@given(STEPS)
def test_changes_add_up_to_who_is_here_and_small_word_is_enough_when_nothing_is_lost(steps):
    trackers = [Presence(str(number)) for number in range(3)]
    shown = {room: set() for room in ROOMS}
    for number, verb, room, key, _arrives in steps:
        if verb == "join":
            join(trackers[number], room, key)
        elif verb == "leave":
            trackers[number].leave(room, key)
        else:
            for speaker in trackers:
                tell(speaker, *(other for other in trackers if other is not speaker))
            for changed, (joined, left) in changes(trackers[0]).items():
                assert not joined & shown[changed]
                assert left <= shown[changed]
                shown[changed] = (shown[changed] | joined) - left
            assert shown == {room: names(trackers[0].here(room)) for room in ROOMS}
            for other in trackers[1:]:
                assert {room: names(other.here(room)) for room in ROOMS} == shown
