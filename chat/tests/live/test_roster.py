"""The roster: who is connected, and which rooms are on their lists."""

from types import SimpleNamespace

from chat.live.roster import Roster


class Socket(SimpleNamespace):
    """The attributes of a connection that a roster uses."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__


def test_a_person_is_registered_while_one_connection_is_open():
    roster = Roster()
    first, second, guests = Socket(user_id=1), Socket(user_id=1), Socket(user_id=None)
    for socket in (first, second, guests):
        roster.add(socket)
    roster.gain_rooms(1, [("harbour", 4, 2)])
    assert set(roster.of_person(1)) == set(roster.of_room("harbour")) == {first, second}
    roster.remove(first)
    assert set(roster.of_room("harbour")) == {second}
    roster.remove(second)
    roster.remove(second)
    assert (roster.lists, roster.members, roster.heads, roster.changed) == ({}, {}, {}, {})
    roster.remove(guests)
    assert not roster.connections


def test_a_version_of_a_listed_room_is_new_once():
    roster = Roster()
    roster.add(Socket(user_id=1))
    roster.gain_rooms(1, [("harbour", 4, 2)])
    assert not roster.note_head("harbour", 4)
    assert roster.note_head("harbour", 5)
    assert not roster.note_head("harbour", 5)
    assert not roster.note_head("nowhere", 5)
    assert not roster.note_change("harbour", 2)
    assert roster.note_change("harbour", 5)


def test_a_connection_with_a_newer_or_older_version_hides_no_change_from_others():
    roster = Roster()
    for user, version in ((1, 4), (2, 6), (3, 5)):
        roster.add(Socket(user_id=user))
        roster.gain_rooms(user, [("harbour", version, version)])
    assert roster.note_head("harbour", 6)
    assert roster.note_change("harbour", 6)
    roster.add(Socket(user_id=4))
    roster.gain_rooms(4, [("harbour", 5, 5)])
    assert roster.note_head("harbour", 6)
    assert roster.note_change("harbour", 6)


def test_a_room_that_was_removed_from_all_lists_has_no_members():
    roster = Roster()
    for user in (1, 2):
        roster.add(Socket(user_id=user))
        roster.gain_rooms(user, [("harbour", 4, 2), ("garden", 1, 1)])
    # People with the same rooms share one list in memory.
    assert roster.lists[1] is roster.lists[2]
    roster.lose_room(1, "harbour")
    roster.lose_room(3, "harbour")
    assert (roster.lists[1], roster.members["harbour"]) == (frozenset({"garden"}), {2})
    roster.lose_room(2, "harbour")
    assert "harbour" not in roster.members
    assert "harbour" not in roster.heads


def test_connections_are_checked_in_turn_and_urgent_ones_first():
    roster = Roster()
    sockets = [Socket(user_id=number) for number in range(5)]
    for socket in sockets:
        roster.add(socket)
    assert roster.next_turn(2) == sockets[:2]
    assert roster.next_turn(2) == sockets[2:4]
    roster.check_first([1, 9])
    assert roster.next_turn(2) == [sockets[1], sockets[4]]
    assert set(roster.next_turn(100)) == set(sockets)
