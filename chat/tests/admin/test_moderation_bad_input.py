"""The forms of moderation in the admin: without the permission, of rows that are gone, and with hostile input."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from chat.domain import messages, person_mutes, reports, rooms
from chat.domain.errors import Filtered, Held
from chat.domain.filters import stored
from chat.domain.moderation import target_of_user
from chat.models import HeldMessage, Message, MessageFilter, PersonMute
from chat.tests.cast import person
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db
FIELDS = {"name": "Tea", "kind": "words", "value": "tea", "limit": 3, "hours": 24, "action": "hold", "is_on": "on"}


@pytest.fixture(autouse=True)
def no_counts():
    """Each test begins without counted attempts."""
    cache.clear()


@pytest.fixture
def rows(garden, alice, bob, dora) -> dict:
    """One row of each kind: what the forms change."""
    said = post_message(garden, bob, "Fools")
    filter = stored.create(by=dora, name="Tea", kind="words", value="tea", action="hold")
    with pytest.raises(Held):
        post_message(garden, bob, "Some tea")
    until = timezone.now() + timezone.timedelta(hours=1)
    return {
        "report": reports.report_message(message=said.pk, by=alice, reason="abuse"),
        "heldmessage": HeldMessage.objects.get(),
        "messagefilter": filter,
        "personmute": person_mutes.mute(target=target_of_user(bob), by=dora, until=until, room=None, site=True),
    }


def address(row, what="change") -> str:
    return reverse(f"admin:chat_{row._meta.model_name}_{what}", args=[row.pk])


FORMS = {
    "dismiss a report": ("report", "change", {"act": "dismiss"}),
    "remove a message": ("report", "change", {"act": "remove"}),
    "mute": ("report", "change", {"act": "mute", "minutes": "60"}),
    "ban": ("report", "change", {"act": "ban", "days": "1"}),
    "write to the reporter": ("report", "change", {"act": "write", "body": "Hello"}),
    "post a held message": ("heldmessage", "change", {"act": "post"}),
    "refuse a held message": ("heldmessage", "change", {"act": "refuse"}),
    "change a filter": ("messagefilter", "change", FIELDS | {"action": "refuse"}),
    "try a filter": ("messagefilter", "change", FIELDS | {"_dry_run": "1"}),
    "delete a filter": ("messagefilter", "delete", {"post": "yes"}),
    "end a mute": ("personmute", "delete", {"post": "yes"}),
}


def state_of(rows) -> list:
    """Everything that a form could change."""
    return [list(type(row).objects.values()) for row in rows.values()] + [
        list(Message.objects.values("text", "removed"))
    ]


@pytest.mark.parametrize("name", FORMS)
def test_neither_staff_without_the_permission_nor_moderators_of_rooms_use_a_form(client, rows, alice, name):
    model, what, fields = FORMS[name]
    before = state_of(rows)
    client.force_login(person("frank", is_staff=True))
    assert client.post(address(rows[model], what), fields).status_code == 403
    # Alice owns the room, and is no staff: the admin sends her to its sign-in page.
    client.force_login(alice)
    answer = client.post(address(rows[model], what), fields)
    assert (answer.status_code, "/login/" in answer.url) == (302, True)
    assert state_of(rows) == before


@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_a_row_that_is_gone_says_so(client, dora, rows, name):
    model, what, fields = FORMS[name]
    row = rows[model]
    where = address(row, what)
    type(row).objects.filter(pk=row.pk).delete()
    client.force_login(dora)
    answer = client.post(where, fields, follow=True)
    assert answer.status_code == 200
    assert "doesn’t exist" in answer.content.decode()


@pytest.mark.parametrize("name", ["delete a filter", "end a mute", "refuse a held message", "post a held message"])
def test_a_form_that_is_sent_twice_changes_nothing_more(client, dora, rows, name):
    model, what, fields = FORMS[name]
    client.force_login(dora)
    where = address(rows[model], what)
    client.post(where, fields)
    once = state_of(rows)
    assert client.post(where, fields, follow=True).status_code == 200
    assert state_of(rows) == once


def test_a_pattern_that_stops_other_engines_is_tried_and_stored(client, dora, garden, bob):
    post_message(garden, bob, "a" * 4000 + "!")
    client.force_login(dora)
    add = reverse("admin:chat_messagefilter_add")
    fields = FIELDS | {"kind": "pattern", "value": "(a+)+$", "action": "refuse"}
    assert "would have met 0 of the last 1 messages" in client.post(add, fields | {"_dry_run": "1"}).content.decode()
    assert client.post(add, fields).status_code == 302
    post_message(garden, bob, "a" * 4000 + "!")
    with pytest.raises(Filtered):
        post_message(garden, bob, "a" * 4000)


def test_nothing_is_restored_into_an_archived_room(client, dora, rows, garden, alice):
    report = rows["report"]
    messages.delete(message=report.message_id, by=alice)
    rooms.archive(room=garden)
    client.force_login(dora)
    answer = client.post(address(report), {"act": "restore"}, follow=True)
    assert "archived" in answer.content.decode()
    assert Message.objects.get(pk=report.message_id).deleted_at is not None


def test_nobody_acts_upon_themselves_by_a_report(client, dora, garden, alice):
    """Dora, a superuser, decides about a report of herself, but neither mutes nor bans herself."""
    said = post_message(garden, dora, "Hello")
    report = reports.report_message(message=said.pk, by=alice, reason="abuse")
    client.force_login(dora)
    for fields in ({"act": "mute", "minutes": "60"}, {"act": "ban", "days": "1"}):
        answer = client.post(address(report), fields, follow=True)
        assert "yourself" in answer.content.decode() or "own account" in answer.content.decode()
    assert not PersonMute.objects.exists()
    dora.refresh_from_db()
    assert dora.is_active
    assert not MessageFilter.objects.exists()
