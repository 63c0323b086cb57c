"""The record of what was done: rows are only added."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.shortcuts import render

from chat.domain import acting, guests, messages
from chat.domain.record import is_other, record
from chat.models import RecordedAction
from chat.tests.cast import person


@pytest.fixture(autouse=True)
def nobody_acts():
    """As in a command or a job."""
    yield
    acting.end()


def last() -> RecordedAction:
    return RecordedAction.objects.first()


def test_a_row_names_who_did_what_to_whom_and_from_where(harbour, alice, bob):
    acting.begin(alice, "2001:db8::1")
    record(alice, "member.role", bob, room=harbour, before={"role": "member"}, after={"role": "reader"}, reason="spam")
    row = last()
    assert (row.actor, row.actor_name, row.verb, row.address) == (alice.pk, "alice", "member.role", "2001:db8::1")
    assert (row.object_kind, row.object_id, row.object_name) == ("person", str(bob.pk), "bob")
    assert (row.room, row.room_name) == (harbour.pk, "Harbour")
    assert (row.before, row.after, row.reason) == ({"role": "member"}, {"role": "reader"}, "spam")


def test_an_action_without_an_actor_is_of_the_person_who_acts_now(harbour, alice):
    acting.begin(alice, "192.0.2.7")
    record(None, "room.archive", harbour)
    assert (last().actor, last().address) == (alice.pk, "192.0.2.7")
    acting.end()
    record(None, "room.archive", harbour)
    assert (last().actor, last().actor_name, last().address) == (None, "", "")


def test_a_room_and_a_message_say_where(harbour, bob):
    record(bob, "room.archive", harbour)
    assert (last().object_kind, last().room) == ("room", harbour.pk)
    record(bob, "message.remove", messages.post(room="harbour", author=bob, body="Ahoy", client_id=uuid.uuid4()))
    assert (last().object_kind, last().object_name, last().room) == ("message", "bob", harbour.pk)


def test_a_guest_is_named_by_public_id(dora):
    guest = guests.Guest(key="0" * 32, name="Amber Owl 10")
    record(dora, "guest.ban", guest)
    assert (last().object_kind, last().object_id, last().object_name) == ("guest", guest.id, "Amber Owl 10")


def test_an_unknown_verb_is_refused(alice):
    with pytest.raises(ValueError, match="RECORDED_VERBS"):
        record(alice, "room.paint", alice)


REPLACEMENT = "INTO chat_recordedaction SELECT * FROM chat_recordedaction"
REFUSED = {
    "sqlite": [f"INSERT OR REPLACE {REPLACEMENT}", f"REPLACE {REPLACEMENT}"],
    "postgresql": [
        "TRUNCATE chat_recordedaction",
        "TRUNCATE chat_recordedaction, chat_savedmessage CASCADE",
        f"INSERT {REPLACEMENT} ON CONFLICT (id) DO UPDATE SET reason = 'none'",
    ],
}
"""What the databases know beside UPDATE and DELETE."""


def test_the_database_refuses_to_change_replace_or_delete_a_row(alice):
    record(alice, "person.change", alice)
    statements = ("UPDATE chat_recordedaction SET reason = 'none'", "DELETE FROM chat_recordedaction")
    for statement in (*statements, *REFUSED[connection.vendor]):
        refused = pytest.raises(IntegrityError, match="neither changed nor deleted")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert RecordedAction.objects.filter(reason="").count() == 1


def test_a_row_stays_with_the_name_when_the_person_is_deleted(charlie, bob):
    record(charlie, "person.change", bob)
    charlie.delete()
    bob.delete()
    assert (last().actor_name, last().object_name) == ("charlie", "bob")


def test_long_names_are_cut(alice):
    record(alice, "group.change", ("group", 1, "x" * 300))
    assert last().object_name == "x" * 250


def test_people_who_act_for_themselves_are_no_others(alice, bob):
    assert not is_other(alice)
    acting.begin(alice, "")
    assert not is_other(alice)
    assert is_other(bob)


def test_a_page_says_who_acts_until_its_end(client, set_up_site, alice, monkeypatch):
    seen = []

    def drawn(request, *args, **kwargs):
        now = acting.current()
        seen.append((now.person.get_username(), now.address))
        return render(request, *args, **kwargs)

    monkeypatch.setattr("chat.views.rooms.render", drawn)
    client.force_login(alice)
    client.get("/rooms/", REMOTE_ADDR="198.51.100.4")
    assert seen == [("alice", "198.51.100.4")]
    assert acting.current() == acting.NOBODY


def test_a_name_is_that_of_the_moment(alice):
    record(person("erin"), "person.change", alice)
    type(alice).objects.filter(handle="erin").update(handle="erin2", handle_key="e", handle_look="e")
    assert last().actor_name == "erin"
