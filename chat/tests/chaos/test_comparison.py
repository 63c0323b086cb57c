"""`Comparison` reports each kind of difference between a copy, the stored log and the expectations."""

import pytest

from chat.tests.room_copy import RoomCopy
from chat.tests.wire_message import wire_person

from .comparison import Comparison
from .expectations import Expectations, Post, SentFile
from .removed_member import Removal, RemovedMember
from .stored_log import StoredFile, StoredLog, as_row

ALICE = wire_person(1, "alice")
STATE = {"name": "Tea", "topic": "", "changed_version": 0}


def message(id, **fields):
    plain = {"id": id, "seq": id, "version": id, "client_id": f"c{id}", "author": ALICE, "guest": None}
    plain |= {"text": f"line {id}", "html": f"<p>line {id}</p>", "at": "2026-01-01T00:00:00Z", "edited_at": None}
    plain |= {"deleted": False, "reply_to": None, "quote": None, "mentions": None, "in_room": True}
    plain |= {"thread": None, "replies": None, "poll": None}
    return plain | {"reactions": [], "attachments": [], "previews": []} | fields


@pytest.fixture
def case():
    """Three messages of Alice: (copy of her client, stored log, expectations), which agree."""
    messages = [message(1), message(2), message(3)]
    copy = RoomCopy("tea")
    fields = {"after": 0, "upto": 3, "epoch": "e", "limited": True, "more_before": False, "state": dict(STATE)}
    copy.opened(fields | {"messages": messages})
    stored = StoredLog({"tea": STATE | {"version": 3}}, {"tea": {one["id"]: as_row(one) for one in messages}})
    expectations = Expectations()
    for n in (1, 2, 3):
        expectations.posts[f"c{n}"] = Post("tea", f"line {n}", user=1, client=0, order=n, message=n)
    return copy, stored, expectations


def compare(case) -> dict[str, int]:
    copy, stored, expectations = case
    comparison = Comparison()
    comparison.compare_log(stored, expectations)
    comparison.compare_copy("alice", copy, stored)
    found = {name: len(faults) for name, faults in vars(comparison).items() if faults}
    assert comparison.is_equal == (not found)
    return found


def test_without_differences_nothing_is_reported(case):
    assert compare(case) == {}


def test_an_acknowledged_post_that_is_not_in_the_log_is_lost(case):
    copy, stored, _expectations = case
    del stored.messages["tea"][2]
    del copy.messages[2]
    assert compare(case) == {"lost": 1}


def test_a_message_missing_in_a_copy_is_lost(case):
    del case[0].messages[2]
    assert compare(case) == {"lost": 1}


def test_an_older_version_of_a_message_in_a_copy_is_a_lost_change(case):
    _copy, stored, expectations = case
    stored.messages["tea"][2] |= {"version": 4, "text": "edited", "html": "<p>edited</p>"}
    stored.rooms["tea"]["version"] = 4
    expectations.texts[2] = "edited"
    assert compare(case) == {"lost": 1, "out_of_order": 1}


def test_an_acknowledged_edit_deletion_and_reaction_that_are_not_in_the_log_are_lost(case):
    expectations = case[2]
    expectations.texts[1] = "edited"
    expectations.deleted.add(2)
    expectations.reactions[3, 1, "👍"] = True
    assert compare(case) == {"lost": 3}


def test_an_attempt_without_an_answer_may_be_executed_or_not(case):
    copy, stored, expectations = case
    expectations.texts[1] = "edited"
    expectations.uncertain_texts[1].add("line 1")
    expectations.uncertain_deletions.add(2)
    expectations.uncertain_reactions.add((3, 1, "👍"))
    assert compare(case) == {}
    gone = {"deleted": True, "text": "", "html": ""}
    copy.messages[2] |= gone
    stored.messages["tea"][2] |= gone
    assert compare(case) == {}


def test_a_refused_post_in_the_log_is_unexpected(case):
    post = case[2].posts["c2"]
    post.message, post.refused = None, "forbidden"
    assert compare(case) == {"unexpected": 1}


def test_messages_and_reactions_that_no_client_sent_are_unexpected(case):
    copy, stored, expectations = case
    del expectations.posts["c1"]
    thumb = {"emoji": "👍", "people": [ALICE]}
    copy.messages[3] |= {"reactions": [thumb]}
    stored.messages["tea"][3] |= {"reactions": {"👍": [1]}}
    assert compare(case) == {"unexpected": 2}


def test_a_message_of_a_copy_that_is_not_in_the_log_is_unexpected(case):
    case[0].messages[9] = message(9)
    assert compare(case) == {"unexpected": 1}


def test_the_text_of_a_deleted_message_is_unexpected(case):
    copy, stored, expectations = case
    expectations.deleted.add(1)
    copy.messages[1] |= {"deleted": True}
    stored.messages["tea"][1] |= {"deleted": True}
    assert compare(case) == {"unexpected": 1}


def test_the_same_post_twice_is_duplicated(case):
    copy, stored, _expectations = case
    copy.messages[3] |= {"client_id": "c2"}
    stored.messages["tea"][3] |= {"client_id": "c2"}
    assert compare(case)["duplicated"] == 2


def test_posts_of_one_sender_in_another_order_are_out_of_order(case):
    expectations = case[2]
    expectations.posts["c1"].order, expectations.posts["c3"].order = 3, 1
    assert compare(case) == {"out_of_order": 2}


def test_a_copy_in_another_order_or_at_another_version_is_out_of_order(case):
    copy = case[0]
    copy.messages[1], copy.version = message(1, seq=9), 2
    assert compare(case) == {"unexpected": 1, "out_of_order": 2}


def test_an_old_topic_in_a_copy_is_a_lost_change(case):
    case[1].rooms["tea"]["topic"] = "new"
    assert compare(case) == {"lost": 1}


def test_a_message_received_between_removal_and_return_is_leaked():
    member = RemovedMember("ws://localhost", {"session": "", "rooms": ["tea"], "user": 7})
    removals = [Removal(user=7, version=4, ended_at=20.0), Removal(user=8, version=1, ended_at=99.0)]
    # Posted before the removal; received again; posted after the return.
    member.versions = [(9.0, 4), (11.0, 3), (21.0, 5)]
    assert member.leaks(removals) == []
    member.versions.append((12.0, 5))
    assert len(member.leaks(removals)) == 1
    comparison = Comparison(leaked=member.leaks(removals))
    assert not comparison.is_equal


def test_a_reply_that_only_its_thread_shows_may_be_missing_in_a_copy(case):
    copy, stored, _expectations = case
    stored.messages["tea"][3] |= {"thread": 1, "in_room": False}
    del copy.messages[3]
    assert compare(case) == {}


@pytest.mark.parametrize(("count", "found"), [(1, 0), (2, 1), (0, 1)])
def test_a_root_counts_its_replies(case, count, found):
    _copy, stored, _expectations = case
    stored.messages["tea"][3] |= {"thread": 1, "in_room": False}
    stored.messages["tea"][1] |= {"replies": {"count": count, "people": [1]} if count else None}
    comparison = Comparison()
    comparison.compare_threads(stored)
    assert len(comparison.lost) == found


LINK = "http://127.0.0.1/tides"


@pytest.mark.parametrize(
    ("times", "jobs", "given_up", "found"),
    [
        (1, {"SUCCESSFUL": 1}, [], {}),
        (0, {"SUCCESSFUL": 1}, [], {"lost": 1}),
        (2, {"SUCCESSFUL": 1}, [], {"duplicated": 1}),
        (1, {"FAILED": 1}, ["chat.jobs.files.make: OSError"], {"lost": 1}),
        (0, {"READY": 1}, [], {"lost": 2}),
    ],
)
def test_a_link_must_have_one_preview_when_all_jobs_are_done(times, jobs, given_up, found):
    html = f'<p><a href="{LINK}">{LINK}</a></p>'
    row = as_row(message(1, html=html, previews=[{"url": LINK}] * times))
    comparison = Comparison()
    comparison.compare_previews(StoredLog({}, {"tea": {1: row}}, jobs, given_up), LINK)
    assert {name: len(faults) for name, faults in vars(comparison).items() if faults} == found


STORED_FILE = StoredFile(message=1, state="ready", sha256="abc", name="attachments/ab/1", made=[])


@pytest.mark.parametrize(
    ("sent", "stored", "digests", "lost"),
    [
        (SentFile("abc", False, 1), STORED_FILE, {"attachments/ab/1": "abc"}, 0),
        (SentFile("abc", False, 1), STORED_FILE, {"attachments/ab/1": "abd"}, 1),
        (SentFile("abc", False, 1), STORED_FILE, {}, 1),
        (SentFile("abc", False, 1), None, {"attachments/ab/1": "abc"}, 1),
        (SentFile("abc", False, 1), STORED_FILE._replace(state="processing"), {"attachments/ab/1": "abc"}, 1),
        (SentFile("def", True, 1), STORED_FILE, {"attachments/ab/1": "abc", "attachments/ab/1.thumb-360.webp": "x"}, 0),
        (SentFile("def", True, 1), STORED_FILE, {"attachments/ab/1": "abc"}, 1),
    ],
    ids=["as sent", "other bytes", "no bytes", "no row", "not processed", "a picture", "a picture without a thumbnail"],
)
def test_a_file_must_be_stored_as_it_was_sent(sent, stored, digests, lost):
    row = as_row(message(1, attachments=[{"id": 5}]))
    log = StoredLog({}, {"tea": {1: row}}, files={5: stored} if stored else {})
    comparison = Comparison()
    comparison.compare_files(log, Expectations(files={5: sent}), digests.get)
    assert len(comparison.lost) == lost


def test_an_upload_that_lost_acknowledged_bytes_is_reported():
    comparison = Comparison()
    comparison.compare_files(StoredLog(), Expectations(broken_uploads=["upload 5"]), {}.get)
    assert comparison.lost == ["upload 5"]


def direct_case(*, direct: dict, named: dict) -> Comparison:
    """The comparison of direct rooms: `direct` are the users of each room, `named` the rooms that clients were told."""
    stored, expectations = StoredLog(direct=direct), Expectations()
    for users, rooms in named.items():
        expectations.direct_rooms[users] = rooms
    comparison = Comparison()
    comparison.compare_direct_rooms(stored, expectations)
    return comparison


def test_one_direct_room_for_the_same_people_is_right():
    assert direct_case(direct={"d1": {1, 2}, "d2": {1, 2, 3}}, named={(1, 2): {"d1"}}).is_equal


def test_two_direct_rooms_of_the_same_people_are_reported():
    assert len(direct_case(direct={"d1": {1, 2}, "d2": {1, 2}}, named={}).duplicated) == 1


@pytest.mark.parametrize("direct", [{}, {"d1": {1, 3}}])
def test_a_direct_room_with_other_people_is_reported(direct):
    assert len(direct_case(direct=direct, named={(1, 2): {"d1"}}).unexpected) == 1


def test_a_direct_room_that_is_hidden_for_one_side_only_is_reported():
    comparison = Comparison()
    stored = StoredLog(hidden={("d1", 1), ("d3", 2)})
    comparison.compare_hidden("client 0", 1, {"d1", "d2", "d3"}, {"d2"}, stored)
    assert len(comparison.lost) == 2


POLL = {
    "options": [{"text": text, "votes": votes, "people": people} for text, votes, people in (
        ("Tea", 1, [{"id": 1, "name": "alice"}]),
        ("Coffee", 0, []),
    )],
    "multiple": False,
    "anonymous": False,
    "closed": False,
    "voters": 1,
}  # fmt: skip


def compare_votes(cast: dict, expected: dict) -> dict[str, int]:
    """Compare a log with the poll of Alice's vote, in which these votes are stored, with the expected ones."""
    stored = StoredLog({"tea": STATE | {"version": 1}}, {"tea": {1: as_row(message(1, poll=POLL))}}, votes=cast)
    comparison = Comparison()
    comparison.compare_votes(stored, Expectations(votes=expected))
    return {name: len(faults) for name, faults in vars(comparison).items() if faults}


def test_votes_that_are_stored_shown_and_expected_agree():
    assert compare_votes({(1, 1): (0,)}, {(1, 1): (0,)}) == {}


def test_an_acknowledged_vote_that_is_not_stored_is_lost():
    assert compare_votes({(1, 1): (0,)}, {(1, 1): (0,), (1, 2): (1,)}) == {"lost": 1}


def test_a_poll_that_shows_other_numbers_than_its_votes_is_reported():
    assert compare_votes({(1, 1): (0,), (1, 2): (0,)}, {}) == {"lost": 1}
    assert compare_votes({}, {}) == {"lost": 1}


def test_a_scheduled_message_that_was_promised_and_not_posted_is_lost(case):
    _copy, _stored, expectations = case
    expectations.posts["c9"] = Post("tea", "later", user=1, client=0, order=9, scheduled=True, promised=True)
    assert compare(case) == {"lost": 1}
    expectations.posts["c9"].promised = False
    assert compare(case) == {}
