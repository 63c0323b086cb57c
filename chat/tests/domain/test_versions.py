"""Versions: the order of the changes of a room, also when many people change it at the same time.

Real threads on a real database: SQLite's file here, PostgreSQL when the tests run on it.
"""

import random
import threading
import time
import uuid

import pytest
from django.conf import settings
from django.db import connections, transaction

from chat.domain import messages, rooms
from chat.domain.errors import DomainError
from chat.models import Message, Reaction, Revision, RoomHead
from chat.tests.talk import head, post_message

at_once = pytest.mark.django_db(transaction=True)
PEOPLE = 6
CHANGES_EACH = 12


def together(*tasks):
    """Run the tasks at the same moment, each in its own thread with its own connection. Returns their results or
    exceptions."""
    barrier, results = threading.Barrier(len(tasks)), [None] * len(tasks)

    def run(number, task):
        try:
            barrier.wait()
            results[number] = task()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@at_once
def test_simultaneous_changes_take_each_version_once(garden, alice, bob, capture_published):
    started = [post_message(garden, alice, f"{number}") for number in range(5)]
    with capture_published() as envelopes:

        def talk(seed):
            def work():
                chance = random.Random(seed)
                author = alice if seed % 2 else bob
                for number in range(CHANGES_EACH):
                    message = chance.choice(started).pk
                    try:
                        match chance.randrange(5):
                            case 0 | 1:
                                post_message(garden, author, f"{seed}/{number}")
                            case 2:
                                messages.edit(message=message, by=alice, body=f"{seed}/{number}")
                            case 3:
                                messages.react(message=message, by=author, emoji="👋", on=chance.random() < 0.6)
                            case 4:
                                rooms.change(room=garden, topic=f"{seed}/{number}")
                    except DomainError as refused:
                        return refused
                return "done"

            return work

        assert together(*map(talk, range(PEOPLE))) == ["done"] * PEOPLE
    told = [envelope.version for envelope in envelopes]
    # All versions, each once: a client that counts them misses nothing.
    assert sorted(told) == list(range(len(started) + 1, head(garden) + 1))
    stored = list(garden.messages.values_list("version", "seq"))
    garden.refresh_from_db()
    versions = [version for version, _seq in stored] + [garden.changed_version]
    assert len(set(versions)) == len(versions)
    assert max(versions) == head(garden)
    assert all(seq <= version for version, seq in stored)


@at_once
def test_versions_are_committed_in_order(garden, alice, bob):
    """A reader who sees a version sees all earlier ones: none of them is committed later."""
    seen, done = [], threading.Event()

    def look():
        at = 0
        while not (done.is_set() and at == head(garden)):
            found = list(Message.objects.filter(room=garden, version__gt=at).order_by("version"))
            seen.extend(message.version for message in found)
            at = found[-1].version if found else at
        return "done"

    def talk(author):
        def work():
            for _ in range(CHANGES_EACH):
                post_message(garden, author)
            return "done"

        return work

    def end(tasks):
        def work():
            results = together(*tasks)
            done.set()
            return results

        return work

    results, _looked = together(end([talk(author) for author in [alice, bob] * (PEOPLE // 2)]), look)
    assert results == ["done"] * PEOPLE
    assert seen == list(range(1, PEOPLE * CHANGES_EACH + 1))


@at_once
def test_simultaneous_posts_with_one_client_id_are_one_message(garden, bob):
    client_id = uuid.uuid4()
    posted = together(*[lambda: post_message(garden, bob, client_id=client_id).pk] * PEOPLE)
    assert posted == [Message.objects.get().pk] * PEOPLE
    assert head(garden) == 1


@at_once
def test_simultaneous_posts_with_one_client_id_join_once(garden, charlie):
    client_id = uuid.uuid4()
    posted = together(*[lambda: post_message(garden, charlie, client_id=client_id).pk] * PEOPLE)
    assert posted == [Message.objects.get().pk] * PEOPLE
    assert garden.memberships.filter(user=charlie).count() == 1


@at_once
def test_simultaneous_equal_reactions_are_one(garden, alice, bob):
    message = post_message(garden, alice).pk
    together(*[lambda: messages.react(message=message, by=bob, emoji="👋", on=True)] * PEOPLE)
    assert (Reaction.objects.count(), head(garden)) == (1, 2)


@at_once
def test_simultaneous_edits_and_a_deletion_leave_a_tombstone_and_all_revisions(garden, alice):
    message = post_message(garden, alice, "0").pk
    edits = [lambda n=n: messages.edit(message=message, by=alice, body=f"{n}") for n in range(1, PEOPLE)]
    together(*edits, lambda: messages.delete(message=message, by=alice))
    stored = Message.objects.get()
    assert (stored.text, stored.html, stored.deleted_at is None) == ("", "", False)
    # The refused edits came after the deletion.
    assert Revision.objects.count() == head(garden) - 1
    assert stored.version == head(garden)


@at_once
@pytest.mark.skipif(not settings.POSTGRES_PORT, reason="SQLite has one writer at a time, whatever the room")
def test_rooms_do_not_wait_for_each_other(garden, harbour, alice):
    """A worker that stops in the middle of a change blocks one room, not the site."""
    frozen, go_on = threading.Event(), threading.Event()

    def freeze():
        with transaction.atomic():
            RoomHead.take(garden.pk)
            frozen.set()
            go_on.wait(30)

    def talk():
        frozen.wait(30)
        try:
            return post_message(harbour, alice).version
        finally:
            go_on.set()

    assert together(freeze, talk) == [None, 1]


# --- One at a time


@pytest.mark.django_db
def test_a_rolled_back_change_takes_no_version_and_publishes_nothing(harbour, alice, bob, capture_published):
    class Trouble(Exception):
        pass

    message = post_message(harbour, alice)
    verbs = [
        lambda: post_message(harbour, alice),
        lambda: messages.edit(message=message.pk, by=alice, body="Aye"),
        lambda: messages.react(message=message.pk, by=bob, emoji="👋", on=True),
        lambda: messages.delete(message=message.pk, by=alice),
        lambda: rooms.change(room=harbour, name="Haven"),
        lambda: rooms.leave(room=harbour, user=bob),
    ]

    @transaction.atomic
    def fail_after(verb):
        verb()
        raise Trouble

    with capture_published() as envelopes:
        for verb in verbs:
            with pytest.raises(Trouble):
                fail_after(verb)
    assert envelopes == []
    assert head(harbour) == 1
    assert post_message(harbour, alice).version == 2


@pytest.mark.django_db
def test_each_room_has_its_own_versions(harbour, garden, alice):
    assert [post_message(room, alice).version for room in (harbour, garden, harbour, garden, garden)] == [1, 1, 2, 2, 3]


# --- A rule that changes during a verb


def archive(room, _bob):
    rooms.archive(room=room)


def remove(room, bob):
    rooms.remove(room=room, user=bob)


def mute(room, bob):
    rooms.set_role(room=room, user=bob, role="reader")


@at_once
@pytest.mark.parametrize("verb", ["post", "edit", "react"])
@pytest.mark.parametrize("change", [archive, remove, mute])
def test_no_message_is_stored_after_a_rule_that_forbids_it(garden, bob, change, verb):
    """The verb is checked while the change of the rule is not committed yet; it is stored under the new rule or
    refused."""
    message = post_message(garden, bob, "first").pk
    changed = threading.Event()

    def rule():
        with transaction.atomic():
            change(garden, bob)
            changed.set()
            # The other verb reads the old rule, then waits for the head.
            time.sleep(0.5)
        return head(garden)

    def act():
        changed.wait(30)
        match verb:
            case "post":
                return post_message(garden, bob, "second")
            case "edit":
                return messages.edit(message=message, by=bob, body="second")
            case "react":
                return messages.react(message=message, by=bob, emoji="👋", on=True)

    at, refused = together(rule, act)
    assert isinstance(refused, DomainError), refused
    # No later message.
    assert head(garden) == at == 2
    assert Message.objects.get().text == "first"


@at_once
@pytest.mark.parametrize("verb", ["post", "edit"])
def test_an_unrelated_change_of_rules_does_not_refuse_a_post(garden, bob, verb):
    message = post_message(garden, bob, "first").pk
    changed = threading.Event()

    def rule():
        with transaction.atomic():
            rooms.change(room=garden, slow_mode_s=0, guests="read")
            changed.set()
            time.sleep(0.5)

    def act():
        changed.wait(30)
        if verb == "post":
            return post_message(garden, bob, "second").version
        return messages.edit(message=message, by=bob, body="second").version

    assert together(rule, act) == [None, 3]
