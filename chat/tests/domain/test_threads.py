"""Threads: replies in the log of their room, the summary in the root, who follows a thread, and what they have read."""

import pytest

from chat.domain import message_log, messages, overviews, reading, restoring, rooms, thread_log, threads, timeline
from chat.domain.errors import Forbidden, Invalid, NotFound
from chat.models import Message, ThreadFollow
from chat.tests.cast import person
from chat.tests.domain.test_query_counts import count_queries
from chat.tests.talk import frames, head, post_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(harbour, alice):
    """Alice's message, which begins the thread."""
    return post_message(harbour, alice, "Shall we sail?")


def reply(root, author, body="Aye", **fields):
    return post_message(root.room, author, body, thread=root.pk, **fields)


def stored(message) -> Message:
    return Message.objects.get(pk=message.pk)


def unread_from(root, user):
    """What is kept, which must agree with the state of the room and with the answer to `thread`."""
    row = ThreadFollow.objects.filter(root=root, user=user, muted=False).first()
    answer = thread_log.read_thread(message=root.pk, by=user)
    assert (row is not None, row and row.unread_from) == (answer.following, answer.unread_from)
    (listed,) = [state for state in timeline.rooms_of(user) if state.slug == root.room.slug]
    opened = timeline.open_room(user, root.room.slug).state
    in_state = [root.pk] if row and row.unread_from is not None else []
    assert [each for each in listed.threads if each == root.pk] == in_state
    assert [each for each in opened.threads if each == root.pk] == in_state
    assert thread_log.unread_roots(root.room_id, [user.pk]).get(user.pk, []) == opened.threads
    return row and row.unread_from


# --- Replies


def test_a_reply_and_its_root_are_two_changes_that_are_published_in_order(root, bob, capture_published):
    with capture_published() as envelopes:
        answer = reply(root, bob)
    first, second = [frame for frame in frames(envelopes) if frame["type"] == "message"]
    assert (first["version"], second["version"]) == (2, 3) == (answer.version, head(root.room))
    assert (first["message"]["id"], first["message"]["thread"]) == (answer.pk, root.pk)
    assert first["message"]["in_room"] is False
    assert second["message"]["id"] == root.pk
    assert second["message"]["replies"] == {"count": 1, "last_at": first["message"]["at"], "people": [bob.pk]}


def test_the_summary_counts_replies_and_names_the_last_five_people(root, alice, bob):
    crowd = [person(f"sailor-{number}") for number in range(6)]
    for sailor in crowd:
        rooms.join(room=root.room, user=sailor)
    for author in (bob, *crowd, bob, alice):
        last = reply(root, author)
    summary = messages.serialized(stored(root)).replies
    assert (summary.count, summary.last_at) == (9, last.created_at)
    assert summary.people == [each.pk for each in (alice, bob, crowd[5], crowd[4], crowd[3])]


def test_a_guest_is_counted_but_not_named(garden, alice, gina):
    root = post_message(garden, alice)
    reply(root, gina)
    assert (stored(root).replies["count"], stored(root).replies["people"]) == (1, [])
    assert not ThreadFollow.objects.exclude(user=alice).exists()


def test_a_reply_to_a_reply_goes_to_the_same_thread(root, alice, bob):
    answer = reply(root, bob)
    assert reply(answer, alice).thread_id == root.pk
    assert stored(root).replies["count"] == 2
    assert stored(answer).replies is None


def test_the_same_client_id_stores_a_reply_once(root, bob):
    answer = reply(root, bob)
    again = post_message(root.room, bob, "Aye", client_id=answer.client_id, thread=root.pk)
    assert again.pk == answer.pk
    assert (stored(root).replies["count"], head(root.room)) == (1, 3)


def test_a_thread_of_another_room_is_not_found(root, garden, alice):
    with pytest.raises(NotFound) as refused:
        post_message(garden, alice, thread=root.pk)
    assert refused.value.field == "thread"
    with pytest.raises(NotFound):
        post_message(garden, alice, thread=10**9)
    assert head(garden) == 0


def test_nobody_begins_a_thread_under_a_deleted_message(root, alice, bob):
    messages.delete(message=root.pk, by=alice)
    with pytest.raises(Forbidden) as refused:
        reply(root, bob)
    assert refused.value.field == "thread"
    assert (Message.objects.count(), head(root.room)) == (1, 2)


def test_a_deleted_root_keeps_its_thread(root, alice, bob):
    reply(root, bob)
    messages.delete(message=root.pk, by=alice)
    reply(root, alice)
    answer = thread_log.read_thread(message=root.pk, by=bob)
    assert (answer.root.deleted, answer.root.text, answer.root.replies.count) == (True, "", 2)
    assert len(answer.replies) == 2


def test_a_deleted_reply_leaves_the_summary(root, alice, bob, capture_published):
    first, second = reply(root, alice), reply(root, bob)
    with capture_published() as envelopes:
        messages.delete(message=second.pk, by=bob)
    assert [frame["message"]["id"] for frame in frames(envelopes) if frame["type"] == "message"] == [second.pk, root.pk]
    summary = messages.serialized(stored(root)).replies
    assert (summary.count, summary.last_at, summary.people) == (1, first.created_at, [alice.pk])
    messages.delete(message=first.pk, by=alice)
    assert stored(root).replies is None
    assert [each.deleted for each in thread_log.read_thread(message=root.pk, by=bob).replies] == [True, True]


def test_a_restored_reply_is_in_the_summary_again(root, alice, bob):
    reply(root, alice)
    last = reply(root, bob)
    before = stored(root).replies
    messages.delete(message=last.pk, by=bob)
    restoring.restore(message=last.pk, by=bob)
    assert stored(root).replies == before == before | {"count": 2, "people": [bob.pk, alice.pk]}
    only = stored(post_message(root.room, alice))
    gone = reply(only, bob)
    messages.delete(message=gone.pk, by=bob)
    restoring.restore(message=gone.pk, by=bob)
    assert stored(only).replies["count"] == 1


def test_a_moderator_deletes_a_reply_and_bob_cannot_delete_alices(root, alice, bob):
    with pytest.raises(Forbidden):
        messages.delete(message=reply(root, alice).pk, by=bob)
    messages.delete(message=reply(root, bob).pk, by=alice)
    assert stored(root).replies["count"] == 1


# --- The room


def test_pages_of_the_room_leave_out_replies_and_fills_carry_them(root, alice, bob):
    hidden, shown = reply(root, bob, "in the thread"), reply(root, bob, "for all", in_room=True)
    last = post_message(root.room, alice, "later")
    page = timeline.open_room(bob, "harbour").delta.messages
    assert [message.id for message in page] == [root.pk, shown.pk, last.pk]
    for place in ({"before": 100}, {"after": 0}, {"around": hidden.seq}):
        found = timeline.history(bob, "harbour", **place).messages
        assert [message.id for message in found] == [root.pk, shown.pk, last.pk]
    fill = timeline.open_room(bob, "harbour", since=1).delta
    assert (fill.limited, {message.id for message in fill.messages}) == (False, {root.pk, hidden.pk, shown.pk, last.pk})


def test_unread_counts_of_rooms_leave_replies_out(root, alice, bob):
    reading.read(room="harbour", user=bob, upto=1)
    reply(root, alice, "Ahoy @bob")
    state = timeline.open_room(bob, "harbour").state
    assert (state.unread, state.mentions, state.threads) == (0, 0, [root.pk])
    reply(root, alice, "Ahoy again, @bob", in_room=True)
    state = timeline.open_room(bob, "harbour").state
    assert (state.unread, state.mentions) == (1, 1)


def test_the_place_of_a_reply_is_its_root(root, bob):
    hidden, shown = reply(root, bob), reply(root, bob, in_room=True)
    opened = timeline.open_room(bob, "harbour", at=hidden.pk)
    assert (opened.at, opened.thread) == (root.seq, root.pk)
    opened = timeline.open_room(bob, "harbour", at=shown.pk)
    assert (opened.at, opened.thread) == (shown.seq, None)


# --- Reading threads


def test_a_thread_comes_in_pages_as_of_a_version(root, alice, bob):
    posted = [reply(root, bob, f"{number}").pk for number in range(5)]
    messages.react(message=posted[4], by=alice, emoji="👋", on=True)
    answer = thread_log.read_thread(message=posted[0], by=alice, limit=2)
    assert (answer.room, answer.version, answer.root.id) == ("harbour", head(root.room), root.pk)
    assert ([each.id for each in answer.replies], answer.more_before) == (posted[3:], True)
    assert answer.replies[1].reactions[0].count == 1
    older = thread_log.read_thread(message=root.pk, by=alice, before=answer.replies[0].seq, limit=3)
    assert ([each.id for each in older.replies], older.more_before) == (posted[:3], False)
    assert count_queries(thread_log.read_thread, message=root.pk, by=alice) <= 7


def test_charlie_cannot_read_or_follow_a_thread_of_a_room_that_he_may_not_see(root, bob, charlie):
    answer = reply(root, bob)
    for message in (root.pk, answer.pk):
        for verb in (threads.follow, threads.unfollow):
            with pytest.raises(NotFound):
                verb(message=message, user=charlie)
        with pytest.raises(NotFound):
            threads.read(message=message, user=charlie, upto=5)
        with pytest.raises(NotFound):
            thread_log.read_thread(message=message, by=charlie)
    rooms.remove(room=root.room, user=bob)
    with pytest.raises(NotFound):
        thread_log.read_thread(message=root.pk, by=bob)
    assert thread_log.read_followed(user=bob).threads == []
    assert thread_log.unread_roots(root.room_id, [bob.pk]) == {}


def test_a_page_has_a_limit(root, bob):
    for limit in (0, 101):
        with pytest.raises(Invalid):
            thread_log.read_thread(message=root.pk, by=bob, limit=limit)


# --- Following


def test_who_began_the_thread_replied_or_was_mentioned_follows_it(root, alice, bob, charlie):
    rooms.join(room=root.room, user=charlie)
    first = reply(root, bob, "What says @charlie?")
    assert [unread_from(root, each) for each in (alice, bob, charlie)] == [first.seq, None, first.seq]
    assert {follow.user for follow in ThreadFollow.objects.all()} == {alice, bob, charlie}
    second = reply(root, charlie)
    assert [unread_from(root, each) for each in (alice, bob, charlie)] == [first.seq, second.seq, None]


def test_a_person_who_is_mentioned_by_an_edit_follows_the_thread(root, alice, bob, charlie):
    rooms.join(room=root.room, user=charlie)
    first = reply(root, bob)
    messages.edit(message=first.pk, by=bob, body="Ask @charlie")
    assert unread_from(root, charlie) == first.seq


def test_followers_are_told_once_until_they_have_read(root, alice, bob, capture_published):
    with capture_published() as envelopes:
        first = reply(root, bob)
        reply(root, bob)
    told = [(envelope.users, envelope.event) for envelope in envelopes if envelope.kind == "follow"]
    assert [users for users, event in told if event.unread_from] == [(alice.pk,)]
    assert all(event.unread_from in (None, first.seq) for _users, event in told)


def test_followers_with_unread_replies_are_told_of_one_more(root, alice, bob, charlie, capture_published):
    rooms.join(room=root.room, user=charlie)
    threads.follow(message=root.pk, user=charlie)
    reply(root, bob)
    threads.read(message=root.pk, user=charlie, upto=head(root.room))
    with capture_published() as envelopes:
        last = reply(root, bob)
    told = {envelope.kind: (envelope.users, envelope.event) for envelope in envelopes if envelope.users != (bob.pk,)}
    more = {"type": "more_replies", "room": "harbour", "thread": root.pk}
    assert (told["more_replies"][0], told["more_replies"][1].model_dump()) == ((alice.pk,), more)
    assert (told["follow"][0], told["follow"][1].unread_from) == ((charlie.pk,), last.seq)


def test_bob_stops_to_follow_and_only_a_reply_of_his_own_makes_him_follow_again(root, alice, bob, capture_published):
    reply(root, bob)
    reply(root, alice)
    with capture_published() as envelopes:
        threads.unfollow(message=root.pk, user=bob)
        threads.unfollow(message=root.pk, user=bob)
    told = {"type": "follow", "room": "harbour", "thread": root.pk, "following": False, "unread_from": None}
    assert frames(envelopes) == [told]
    reply(root, alice, "Ahoy @bob")
    assert not ThreadFollow.objects.get(user=bob).unread_from
    assert thread_log.read_thread(message=root.pk, by=bob).following is False
    reply(root, bob)
    last = reply(root, alice)
    assert unread_from(root, bob) == last.seq


def test_bob_follows_a_thread_that_he_did_not_write_in(root, alice, bob, charlie, garden):
    threads.follow(message=root.pk, user=bob)
    assert unread_from(root, bob) is None
    first = reply(root, alice)
    assert unread_from(root, bob) == first.seq
    public = post_message(garden, alice)
    with pytest.raises(Forbidden):
        threads.follow(message=public.pk, user=charlie)


def test_guests_follow_nothing(garden, alice, gina):
    root = post_message(garden, alice)
    for verb in (threads.follow, threads.unfollow):
        with pytest.raises(Forbidden):
            verb(message=root.pk, user=gina)
    threads.read(message=root.pk, user=gina, upto=1)
    answer = thread_log.read_thread(message=root.pk, by=gina)
    assert (answer.following, thread_log.read_followed(user=gina).threads) == (False, [])


def test_a_person_cannot_choose_to_follow_threads_without_limit(root, alice, bob, monkeypatch):
    monkeypatch.setattr(threads, "MAX_FOLLOWED", 1)
    threads.follow(message=root.pk, user=bob)
    threads.follow(message=root.pk, user=bob)
    with pytest.raises(Invalid):
        threads.follow(message=post_message(root.room, alice).pk, user=bob)


def test_a_person_who_left_the_room_is_told_nothing(garden, alice, bob, capture_published):
    root = post_message(garden, alice)
    reply(root, bob)
    rooms.leave(room=garden, user=bob)
    with capture_published() as envelopes:
        reply(root, alice)
    assert not [envelope for envelope in envelopes if bob.pk in envelope.users]


# --- Having read


def test_a_person_who_left_the_room_is_not_told_of_a_deleted_reply(garden, alice, bob, capture_published):
    root = post_message(garden, alice)
    reply(root, bob)
    first = reply(root, alice)
    assert unread_from(root, bob) == first.seq
    rooms.leave(room=garden, user=bob)
    with capture_published() as envelopes:
        messages.delete(message=first.pk, by=alice)
    assert not [frame for frame in frames(envelopes) if frame["type"] == "follow"]
    assert ThreadFollow.objects.get(root=root, user=bob).unread_from is None


def test_reading_moves_the_position_to_the_next_unread_reply(root, alice, bob, capture_published):
    reply(root, bob)
    first, second, third = (reply(root, alice) for _ in range(3))
    threads.read(message=root.pk, user=bob, upto=first.seq)
    assert unread_from(root, bob) == second.seq
    with capture_published() as envelopes:
        threads.read(message=root.pk, user=bob, upto=first.seq)
        threads.read(message=second.pk, user=bob, upto=third.seq)
    assert [(frame["type"], frame["unread_from"]) for frame in frames(envelopes)] == [("follow", None)]
    assert unread_from(root, bob) is None


def test_a_deleted_unread_reply_is_no_longer_unread(root, alice, bob):
    reply(root, bob)
    first, second = reply(root, alice), reply(root, alice)
    messages.delete(message=first.pk, by=alice)
    assert unread_from(root, bob) == second.seq
    messages.delete(message=second.pk, by=alice)
    assert unread_from(root, bob) is None


def test_bob_marks_a_reply_as_unread(root, alice, bob):
    reply(root, bob)
    first, _second = reply(root, alice), reply(root, alice)
    threads.read(message=root.pk, user=bob, upto=100)
    reading.mark_unread(message=first.pk, user=bob)
    assert unread_from(root, bob) == first.seq
    assert timeline.open_room(bob, "harbour").state.unread_marks == 0


def test_a_reply_of_ones_own_is_never_unread(root, alice, bob):
    first = reply(root, alice)
    reply(root, bob)
    reading.mark_unread(message=first.pk, user=bob)
    messages.delete(message=first.pk, by=alice)
    assert unread_from(root, bob) is None


# --- The list


def test_followed_threads_are_listed_unread_first_then_the_latest(harbour, garden, alice, bob):
    roots = [post_message(harbour, alice, f"{number}") for number in range(3)]
    other = post_message(garden, alice, "in the garden")
    for root in (roots[0], other, roots[1], roots[2]):
        reply(root, bob, "mine")
    reply(roots[0], alice, "hers")
    reply(roots[0], alice, "hers, too")
    listed = thread_log.read_followed(user=bob).threads
    assert [(each.room, each.root.id, each.unread) for each in listed] == [
        ("harbour", roots[0].pk, 2),
        ("harbour", roots[2].pk, 0),
        ("harbour", roots[1].pk, 0),
        ("garden", other.pk, 0),
    ]
    assert [each.text for each in listed[0].last] == ["hers", "hers, too"]


def test_the_list_comes_in_pages_by_few_queries(harbour, alice, bob, monkeypatch):
    monkeypatch.setattr(thread_log, "THREADS_PAGE", 2)
    for _ in range(5):
        reply(post_message(harbour, alice), bob)
    pages = [thread_log.read_followed(user=bob, skip=skip) for skip in (0, 2, 4)]
    assert [(len(page.threads), page.more) for page in pages] == [(2, True), (2, True), (1, False)]
    assert count_queries(thread_log.read_followed, user=bob) <= 5


# --- Queries


def test_a_reply_takes_the_same_queries_however_many_follow(root, alice, bob):
    reply(root, bob)
    few = count_queries(reply, root, alice)
    for number in range(30):
        sailor = person(f"sailor-{number}")
        rooms.join(room=root.room, user=sailor)
        reply(root, sailor)
    assert count_queries(reply, root, alice) == few <= 14


def test_mentions_in_threads_are_listed_with_what_was_read_there(root, alice, bob):
    first = reply(root, alice, "Ahoy @bob")
    welcome = timeline.welcome(bob)
    assert [(line.message.id, line.is_unread) for line in overviews.mentions(bob, welcome)[0]] == [(first.pk, True)]
    threads.read(message=root.pk, user=bob, upto=first.seq)
    assert [line.is_unread for line in overviews.mentions(bob, welcome)[0]] == [False]


def test_the_log_has_a_page_of_replies_within_its_bytes(root, bob, monkeypatch):
    for number in range(4):
        reply(root, bob, f"{number}" * 100)
    monkeypatch.setattr(message_log, "PAGE_BYTES", 1500)
    page = message_log.thread_page(root.pk, message_log.NEWEST, 50)
    assert (len(page.messages), page.more_before) == (2, True)
