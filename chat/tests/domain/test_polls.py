"""Polls: votes are changes of the message. Nobody is told who voted what in an anonymous poll."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import messages, polls, restoring, rooms
from chat.domain.errors import Archived, Forbidden, Invalid, NotFound, TooLong
from chat.domain.poll_options import MAX_CHARACTERS
from chat.models import Message, PollVote, Revision
from chat.protocol.things import PostedPoll
from chat.tests.cast import person
from chat.tests.talk import frames, head, post_message, post_poll

pytestmark = pytest.mark.django_db


def shown(message: int) -> dict:
    """The poll as everyone sees it."""
    stored = Message.objects.for_serialization().get(pk=message)
    return messages.serialized(stored).poll.model_dump()


def counts(message: int) -> list[int]:
    return [option["votes"] for option in shown(message)["options"]]


def vote(message: int, by, *options: int):
    return polls.vote(message=message, by=by, options=options)


def test_a_new_poll_has_its_options_and_no_votes(harbour, alice):
    poll = shown(post_poll(harbour, alice, " Pizza\n\u3000di Napoli ", "Soup"))
    assert poll == {
        "options": [{"text": text, "votes": 0, "people": []} for text in ("Pizza di Napoli", "Soup")],
        "multiple": False,
        "anonymous": False,
        "closed": False,
        "voters": 0,
    }


def test_each_vote_is_a_version_of_the_message(harbour, alice, bob, capture_published):
    poll = post_poll(harbour, alice)
    with capture_published() as envelopes:
        vote(poll, bob, 1)
        vote(poll, alice, 1)
        vote(poll, bob, 2)
    changes = [frame for frame in frames(envelopes) if frame["type"] == "message"]
    assert [change["version"] for change in changes] == [2, 3, 4]
    seen = [[option["votes"] for option in change["message"]["poll"]["options"]] for change in changes]
    assert seen == [[0, 1, 0], [0, 2, 0], [0, 1, 1]]
    assert shown(poll)["voters"] == 2
    assert shown(poll)["options"][2]["people"] == [{"id": bob.pk, "name": "bob"}]
    own = [envelope for envelope in envelopes if envelope.kind == "votes"]
    assert [(envelope.users, envelope.event.options) for envelope in own] == [
        ((bob.pk,), [1]),
        ((alice.pk,), [1]),
        ((bob.pk,), [2]),
    ]


def test_the_same_vote_again_takes_no_version(harbour, alice, bob, capture_published):
    poll = post_poll(harbour, alice)
    vote(poll, bob, 0)
    with capture_published() as envelopes:
        vote(poll, bob, 0)
    assert (head(harbour), envelopes) == (2, [])


def test_several_options_where_the_poll_allows_it(harbour, alice, bob):
    poll = post_poll(harbour, alice, multiple=True)
    vote(poll, bob, 0, 2)
    assert (counts(poll), shown(poll)["voters"]) == ([1, 0, 1], 1)
    vote(poll, bob, 2, 1)
    assert counts(poll) == [0, 1, 1]
    single = post_poll(harbour, alice)
    with pytest.raises(Invalid):
        vote(single, bob, 0, 1)


def test_a_vote_is_taken_back(harbour, alice, bob):
    poll = post_poll(harbour, alice)
    vote(poll, bob, 0)
    vote(poll, bob)
    assert (counts(poll), shown(poll)["voters"]) == ([0, 0, 0], 0)
    assert polls.votes_of(bob, [poll]) == []


def test_an_anonymous_poll_never_says_who_voted_what(harbour, alice, bob, capture_published):
    poll = post_poll(harbour, alice, anonymous=True)
    with capture_published() as envelopes:
        vote(poll, bob, 1)
        vote(poll, alice, 1)
    told = [frame["message"]["poll"] for frame in frames(envelopes) if frame["type"] == "message"]
    assert [option["votes"] for option in told[-1]["options"]] == [0, 2, 0]
    for text in (json.dumps(told), json.dumps(Message.objects.get(pk=poll).poll)):
        assert "bob" not in text
        assert all(option["people"] == [] for each in told for option in each["options"])
    # The private path: each voter gets their own choice.
    assert {envelope.users for envelope in envelopes if envelope.kind == "votes"} == {(bob.pk,), (alice.pk,)}
    assert polls.votes_of(bob, [poll])[0].options == [1]


def test_each_person_asks_for_their_own_votes_alone(harbour, alice, bob, gina):
    poll = post_poll(harbour, alice, multiple=True)
    vote(poll, bob, 2, 0)
    assert [(own.message, own.options) for own in polls.votes_of(bob, [poll, 999])] == [(poll, [0, 2])]
    assert polls.votes_of(alice, [poll]) == polls.votes_of(gina, [poll]) == []


def test_the_author_closes_the_poll_and_then_nobody_votes(harbour, alice, bob):
    poll = post_poll(harbour, alice)
    vote(poll, bob, 0)
    with pytest.raises(Forbidden):
        polls.close(message=poll, by=bob)
    polls.close(message=poll, by=alice)
    polls.close(message=poll, by=alice)
    assert (shown(poll)["closed"], counts(poll), head(harbour)) == (True, [1, 0, 0], 3)
    with pytest.raises(Forbidden):
        vote(poll, alice, 1)


def test_an_edit_of_the_question_keeps_the_votes(harbour, alice, bob):
    poll = post_poll(harbour, alice)
    vote(poll, bob, 0)
    messages.edit(message=poll, by=alice, body="Dinner?")
    assert (counts(poll), Message.objects.get(pk=poll).text) == ([1, 0, 0], "Dinner?")


def test_a_deleted_poll_has_no_options_and_no_votes(harbour, alice, bob):
    poll = post_poll(harbour, alice)
    vote(poll, bob, 0)
    messages.delete(message=poll, by=alice)
    assert Message.objects.get(pk=poll).poll is None
    with pytest.raises(Forbidden):
        vote(poll, bob, 0)
    # The votes are kept while the deletion can be undone.
    restoring.forget_expired()
    assert PollVote.objects.exists()
    Revision.objects.update(replaced_at=timezone.now() - timedelta(minutes=1))
    restoring.forget_expired()
    assert not PollVote.objects.exists()


def test_a_poll_whose_deletion_is_undone_has_its_votes(harbour, alice, bob):
    poll = post_poll(harbour, alice)
    vote(poll, bob, 0)
    messages.delete(message=poll, by=alice)
    restoring.restore(message=poll, by=alice)
    vote(poll, bob, 1)
    assert counts(poll) == [0, 1, 0]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ([], Invalid),
        (["Only one"], Invalid),
        (["Same", "same "], Invalid),
        (["Text", " \u200b "], Invalid),
        ([str(number) for number in range(11)], ValueError),
        (["x" * (MAX_CHARACTERS + 1), "y"], TooLong),
    ],
    ids=["none", "one", "alike", "invisible", "eleven", "long"],
)
def test_options_are_checked(harbour, alice, options, error):
    with pytest.raises(error):
        post_message(harbour, alice, "Lunch?", poll=PostedPoll(options=options))
    assert head(harbour) == 0


def test_who_may_not_write_may_not_vote(harbour, garden, alice, bob, charlie, gina):
    poll, public = post_poll(harbour, alice), post_poll(garden, alice)
    with pytest.raises(NotFound):
        vote(poll, charlie, 0)
    with pytest.raises(Forbidden):
        vote(public, gina, 0)
    rooms.set_role(room=harbour, user=bob, role="reader")
    with pytest.raises(Forbidden):
        vote(poll, bob, 0)
    rooms.archive(room=harbour)
    with pytest.raises(Archived):
        vote(poll, alice, 0)


def test_a_vote_for_what_is_not_there_is_refused(harbour, alice):
    plain, poll = post_message(harbour, alice).pk, post_poll(harbour, alice)
    with pytest.raises(NotFound):
        vote(plain, alice, 0)
    with pytest.raises(Invalid):
        vote(poll, alice, 3)


def test_a_repeated_post_returns_the_poll_with_its_votes(harbour, alice, bob):
    client_id, poll = uuid.uuid4(), PostedPoll(options=["Yes", "No"])
    first = post_message(harbour, alice, "Ready?", client_id=client_id, poll=poll)
    vote(first.pk, bob, 0)
    again = post_message(harbour, alice, "Ready?", client_id=client_id, poll=poll)
    assert (again.pk, counts(again.pk)) == (first.pk, [1, 0])


def test_an_option_names_its_first_voters_and_counts_all(harbour, alice, monkeypatch):
    monkeypatch.setattr(polls, "NAMED_VOTERS", 3)
    poll = post_poll(harbour, alice)
    for number in range(5):
        sailor = person(f"sailor-{number}")
        rooms.join(room=harbour, user=sailor)
        vote(poll, sailor, 0)
    option = shown(poll)["options"][0]
    assert (option["votes"], [voter["name"] for voter in option["people"]]) == (
        5,
        ["sailor-0", "sailor-1", "sailor-2"],
    )
