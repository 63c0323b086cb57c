"""A client's copy of a room, by the rules of versions in docs/protocol.md."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.tests.room_copy import RoomCopy
from chat.tests.wire_message import wire_person


def message(id, version=None, **fields):
    seq = fields.pop("seq", id)
    text = f"{id}@{version or seq}"
    whole = {"id": id, "seq": seq, "version": version or seq, "text": text, "html": f"<p>{text}</p>", "attachments": []}
    whole |= {"author": wire_person(1, "alice"), "guest": None, "deleted": False}
    return whole | {"reply_to": None, "quote": None, "in_room": True} | fields


def event(id, version=None, **fields):
    it = message(id, version, **fields)
    return {"type": "message", "room": "lobby", "version": it["version"], "message": it}


def changes(after, upto, *messages, state=None):
    return {"type": "changes", "room": "lobby", "after": after, "upto": upto, "messages": messages, "state": state}


def reply(after, upto, *messages, epoch="e1", limited=False, more_before=False):
    state = {"slug": "lobby", "name": "Lobby", "changed_version": 0}
    fields = {"after": after, "upto": upto, "messages": list(messages), "epoch": epoch, "limited": limited}
    return {"type": "reply", "room": "lobby", "state": state, "more_before": more_before} | fields


@pytest.fixture
def copy():
    copy = RoomCopy("lobby")
    copy.opened(reply(0, 3, message(1), message(2), message(3), limited=True))
    return copy


def texts(copy):
    return [message["text"] for message in copy.in_order()]


def test_the_first_open_returns_a_page(copy):
    assert (copy.version, copy.epoch, copy.behind) == (3, "e1", False)
    assert texts(copy) == ["1@1", "2@2", "3@3"]
    assert copy.limited == 0


def test_the_next_version_is_applied(copy):
    copy.apply(event(4))
    assert (copy.version, texts(copy)[-1]) == (4, "4@4")


def test_an_edit_replaces_its_message_in_its_place(copy):
    copy.apply(event(2, version=4, seq=2))
    assert texts(copy) == ["1@1", "2@4", "3@3"]


def test_an_event_that_is_not_newer_is_ignored(copy):
    copy.apply(event(3))
    copy.apply(event(2, version=2))
    assert (copy.version, texts(copy)) == (3, ["1@1", "2@2", "3@3"])


def test_a_gap_leaves_the_copy_behind_until_a_delta(copy):
    copy.apply(event(5))
    assert (copy.version, copy.behind, copy.holes) == (3, True, 1)
    assert copy.since() == {"since": 3, "epoch": "e1"}
    copy.opened(reply(3, 5, message(4), message(5)))
    assert (copy.version, copy.behind, texts(copy)) == (5, False, ["1@1", "2@2", "3@3", "4@4", "5@5"])


def test_a_delta_that_begins_earlier_is_applied(copy):
    copy.apply(changes(1, 5, message(2), message(3), message(1, version=5, seq=1)))
    assert (copy.version, texts(copy)) == (5, ["1@5", "2@2", "3@3"])


def test_a_delta_that_begins_after_a_gap_is_not_applied(copy):
    copy.apply(changes(4, 6, message(6)))
    assert (copy.version, copy.behind) == (3, True)


def test_a_delta_never_replaces_a_newer_form(copy):
    copy.apply(event(2, version=4, seq=2))
    copy.opened(reply(1, 4, message(3), message(2, version=4, seq=2)))
    assert texts(copy) == ["1@1", "2@4", "3@3"]


def test_a_changed_room_takes_a_version_and_no_message(copy):
    copy.apply({"type": "room", "room": "lobby", "version": 4, "state": {"name": "Hall", "changed_version": 4}})
    assert (copy.version, copy.state["name"], len(copy.messages)) == (4, "Hall", 3)


def test_an_event_before_the_first_reply_is_requested_again():
    copy = RoomCopy("lobby")
    copy.apply(event(2))
    copy.opened(reply(0, 1, message(1), limited=True))
    assert copy.behind


def test_a_limited_reply_drops_the_copy(copy):
    copy.opened(reply(0, 900, message(899), message(900), limited=True, more_before=True))
    assert (copy.version, copy.limited, texts(copy)) == (900, 1, ["899@899", "900@900"])


def test_another_epoch_drops_the_copy_even_if_its_versions_are_lower(copy):
    copy.apply(event(9))
    copy.opened(reply(0, 2, message(1), message(2), epoch="e2", limited=True))
    assert (copy.version, copy.epoch, copy.behind, len(copy.messages)) == (2, "e2", False, 2)


def test_changes_of_pages_that_are_not_loaded_wait_for_history():
    copy = RoomCopy("lobby")
    copy.opened(reply(0, 9, message(8), message(9), limited=True, more_before=True))
    copy.apply(event(1, version=10, seq=1))
    assert (copy.version, texts(copy)) == (10, ["8@8", "9@9"])
    copy.older({"messages": [message(1, version=10, seq=1), message(7)], "more_before": False})
    assert texts(copy) == ["1@10", "7@7", "8@8", "9@9"]


def test_a_form_from_history_is_not_replaced_by_an_older_event():
    copy = RoomCopy("lobby")
    copy.opened(reply(0, 9, message(9), limited=True, more_before=True))
    copy.older({"messages": [message(1, version=11, seq=1)], "more_before": False})
    copy.apply(event(1, version=10, seq=1))
    assert (copy.version, texts(copy)) == (10, ["1@11", "9@9"])


def test_frames_that_no_server_may_send_are_faults(copy):
    copy.opened(reply(4, 6, message(6)))
    copy.apply(changes(3, 6, message(6), message(5)))
    copy.apply(event(6))
    copy.opened(reply(3, 6, message(6, text="something else")))
    assert [fault.split()[0] for fault in copy.faults] == ["open", "a", "two"]


@given(st.data())
def test_the_copy_equals_the_log_whatever_is_lost_repeated_or_late(data):
    """A copy that was completed whenever it was `behind` has each message once, in its newest form."""
    born = data.draw(st.integers(1, 12), "messages")
    edits = data.draw(st.lists(st.integers(1, born), max_size=10), "edits")
    log = [event(id) for id in range(1, born + 1)]
    log += [event(id, version=born + n, seq=id) for n, id in enumerate(edits, 1)]
    received = data.draw(st.lists(st.sampled_from(log), max_size=30), "received")
    newest = {frame["message"]["id"]: frame["message"] for frame in log}

    def fill(copy):
        after = copy.version or 0
        changed = sorted((m for m in newest.values() if m["version"] > after), key=lambda m: m["version"])
        return reply(after, len(log), *changed, limited=copy.version is None)

    copy = RoomCopy("lobby")
    copy.opened(reply(0, 0, limited=True))
    for frame in [*received, log[-1]]:
        copy.apply(frame)
    if copy.behind:
        copy.opened(fill(copy))
    assert not copy.behind
    assert copy.in_order() == [newest[id] for id in sorted(newest)]
    assert copy.faults == []


def test_an_older_page_does_not_undo_a_change():
    copy = RoomCopy("lobby")
    copy.opened(reply(0, 3, message(3), limited=True, more_before=True))
    copy.apply(event(1, version=4, seq=1))
    assert texts(copy) == ["3@3"]
    copy.older({"messages": [message(1), message(2)], "more_before": False})
    assert (texts(copy), copy.faults) == (["1@4", "2@2", "3@3"], [])
