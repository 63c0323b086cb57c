"""The comparison finds what it is there to find."""

import pytest

from chat.tests.room_copy import RoomCopy

from .ledger import Ledger, Said
from .listener import Listener, Removal
from .truth import Truth, as_row
from .verdict import Verdict

ALICE = {"id": 1, "name": "alice", "avatar": None}
STATE = {"name": "Tea", "topic": "", "changed_version": 0}


def message(id, **fields):
    plain = {"id": id, "seq": id, "version": id, "client_id": f"c{id}", "author": ALICE, "guest": None}
    plain |= {"text": f"line {id}", "html": f"<p>line {id}</p>", "at": "2026-01-01T00:00:00Z", "edited_at": None}
    plain |= {"deleted": False, "reply_to": None, "quote": None, "mentions": None}
    return plain | {"reactions": [], "attachments": []} | fields


@pytest.fixture
def world():
    """Three messages of Alice's in a room; her client's copy, the log and the ledger agree."""
    messages = [message(1), message(2), message(3)]
    copy = RoomCopy("tea")
    fields = {"after": 0, "upto": 3, "epoch": "e", "limited": True, "more": False, "state": dict(STATE)}
    copy.opened(fields | {"messages": messages})
    truth = Truth({"tea": STATE | {"version": 3}}, {"tea": {one["id"]: as_row(one) for one in messages}})
    ledger = Ledger()
    for n in (1, 2, 3):
        ledger.said[f"c{n}"] = Said("tea", f"line {n}", user=1, client=0, order=n, message=n)
    return copy, truth, ledger


def judge(world) -> dict[str, int]:
    copy, truth, ledger = world
    verdict = Verdict()
    verdict.judge_log(truth, ledger)
    verdict.judge_copy("alice", copy, truth)
    found = {name: len(faults) for name, faults in vars(verdict).items() if faults}
    assert bool(verdict) == (not found)
    return found


def test_what_agrees_is_well(world):
    assert judge(world) == {}


def test_an_acknowledged_post_that_is_not_in_the_log_is_lost(world):
    copy, truth, _ledger = world
    del truth.messages["tea"][2]
    del copy.messages[2]
    assert judge(world) == {"lost": 1}


def test_a_message_that_a_copy_lacks_is_lost(world):
    del world[0].messages[2]
    assert judge(world) == {"lost": 1}


def test_an_older_form_in_a_copy_is_a_lost_change(world):
    _copy, truth, ledger = world
    truth.messages["tea"][2] |= {"version": 4, "text": "edited", "html": "<p>edited</p>"}
    truth.rooms["tea"]["version"] = 4
    ledger.texts[2] = "edited"
    assert judge(world) == {"lost": 1, "disordered": 1}


def test_an_acknowledged_edit_deletion_and_reaction_that_are_not_in_the_log_are_lost(world):
    ledger = world[2]
    ledger.texts[1] = "edited"
    ledger.deleted.add(2)
    ledger.reactions[3, 1, "👍"] = True
    assert judge(world) == {"lost": 3}


def test_what_was_doubted_may_have_happened_or_not(world):
    copy, truth, ledger = world
    ledger.texts[1] = "edited"
    ledger.doubted_texts[1].add("line 1")
    ledger.doubted_deletions.add(2)
    ledger.doubted_reactions.add((3, 1, "👍"))
    assert judge(world) == {}
    gone = {"deleted": True, "text": "", "html": ""}
    for held, row in ((copy.messages[2], truth.messages["tea"][2]),):
        held |= gone
        row |= gone
    assert judge(world) == {}


def test_a_post_that_was_refused_and_is_there_is_a_ghost(world):
    said = world[2].said["c2"]
    said.message, said.refused = None, "forbidden"
    assert judge(world) == {"ghosts": 1}


def test_what_nobody_said_or_did_is_a_ghost(world):
    copy, truth, ledger = world
    del ledger.said["c1"]
    thumb = {"emoji": "👍", "people": [ALICE]}
    copy.messages[3] |= {"reactions": [thumb]}
    truth.messages["tea"][3] |= {"reactions": {"👍": [1]}}
    assert judge(world) == {"ghosts": 2}


def test_a_message_of_a_copy_that_the_log_does_not_have_is_a_ghost(world):
    world[0].messages[9] = message(9)
    assert judge(world) == {"ghosts": 1}


def test_the_text_of_a_deleted_message_is_a_ghost(world):
    copy, truth, ledger = world
    ledger.deleted.add(1)
    copy.messages[1] |= {"deleted": True}
    truth.messages["tea"][1] |= {"deleted": True}
    assert judge(world) == {"ghosts": 1}


def test_the_same_post_twice_is_doubled(world):
    copy, truth, _ledger = world
    copy.messages[3] |= {"client_id": "c2"}
    truth.messages["tea"][3] |= {"client_id": "c2"}
    assert judge(world)["doubled"] == 2


def test_what_a_sender_said_later_and_comes_earlier_is_out_of_order(world):
    ledger = world[2]
    ledger.said["c1"].order, ledger.said["c3"].order = 3, 1
    assert judge(world) == {"disordered": 2}


def test_a_copy_in_another_order_or_at_another_version_is_out_of_order(world):
    copy = world[0]
    copy.messages[1], copy.version = message(1, seq=9), 2
    assert judge(world) == {"ghosts": 1, "disordered": 2}


def test_a_rooms_old_topic_in_a_copy_is_a_lost_change(world):
    world[1].rooms["tea"]["topic"] = "new"
    assert judge(world) == {"lost": 1}


def test_what_was_heard_after_a_removal_and_before_the_return_is_leaked():
    listener = Listener("ws://localhost", {"session": "", "rooms": ["tea"], "user": 7})
    removals = [Removal(user=7, version=4, ended_at=20.0), Removal(user=8, version=1, ended_at=99.0)]
    # Said before; a copy of that again; said after the return.
    listener.versions = [(9.0, 4), (11.0, 3), (21.0, 5)]
    assert listener.leaks(removals) == []
    listener.versions.append((12.0, 5))
    assert len(listener.leaks(removals)) == 1
    verdict = Verdict(leaked=listener.leaks(removals))
    assert not verdict
