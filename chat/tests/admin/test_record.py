"""The record of actions in the admin, and its export."""

import json
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.urls import reverse

from chat.domain import record_export, rooms
from chat.domain.record import record
from chat.models import RecordedAction
from chat.tests.cast import person

LIST, EXPORT = "/admin/chat/recordedaction/", "/admin/chat/recordedaction/export/"


def lines_of(response) -> list[dict]:
    return [json.loads(line) for line in b"".join(response.streaming_content).decode().splitlines()]


def test_the_list_shows_who_did_what_with_the_change_and_the_address(doras, dora, harbour, bob):
    rooms.change(room=harbour, by=dora, topic="Fog")
    page = doras.get(LIST).text
    for shown in ("dora", "changed the room", "Harbour", "topic: – → Fog"):
        assert shown in page
    membership = harbour.memberships.get(user=bob)
    page = reverse("admin:chat_membership_change", args=[membership.pk])
    doras.post(page, {"role": "reader"}, REMOTE_ADDR="192.0.2.9")
    row = RecordedAction.objects.first()
    assert (row.actor, row.verb, row.before, row.after) == (
        dora.pk,
        "member.role",
        {"role": "member"},
        {"role": "reader"},
    )
    assert row.address == "192.0.2.9"


def test_times_are_shown_as_people_write_them(doras, dora, bob):
    record(
        dora, "person.ban", bob, after={"until": "2026-11-26T19:04:59.783Z", "note": "2026-11-26Text", "odd": "T" * 30}
    )
    page = doras.get(LIST).text
    assert "until: 11/26/2026" in page
    assert "783Z" not in page
    assert "note: 2026-11-26Text" in page


def test_the_list_is_searched_and_filtered(doras, dora, harbour, alice, bob):
    record(dora, "member.remove", bob, room=harbour, reason="Spam about boats")
    record(alice, "member.role", bob, room=harbour)
    found = {
        "?q=spam": {"member.remove"},
        "?q=bob+boats": {"member.remove"},
        "?q=nothing": set(),
        "?verb=member.role": {"member.role"},
        f"?actor={alice.pk}": {"member.role", "room.create"},
        "?area=members": {"member.remove", "member.role", "member.add"},
        "?area=bans": set(),
    }
    rooms.join(room=harbour, user=person("erin"), by=dora)
    for query, verbs in found.items():
        page = doras.get(f"{LIST}{query}")
        assert page.status_code == 200
        assert {row.verb for row in page.context["cl"].result_list} == verbs, query


def test_a_search_reads_only_the_newest_rows(doras, dora, bob, monkeypatch):
    for reason in ("first spam", "second spam", "third"):
        record(dora, "person.change", bob, reason=reason)
    monkeypatch.setattr("chat.admin.paging.SEARCHED_ROWS", 2)
    rows = doras.get(f"{LIST}?q=spam").context["cl"].result_list
    assert [row.reason for row in rows] == ["second spam"]


def test_the_number_of_queries_does_not_grow_with_the_rows(doras, dora, bob, django_assert_max_num_queries):
    for _number in range(60):
        record(dora, "person.change", bob)
    with django_assert_max_num_queries(8):
        doras.get(LIST)


def test_rows_are_neither_added_nor_changed_nor_deleted(doras, dora, bob):
    record(dora, "person.change", bob)
    pk = RecordedAction.objects.get().pk
    assert doras.get(f"{LIST}add/").status_code == 403
    assert doras.post(f"{LIST}{pk}/change/", {"reason": "none"}).status_code == 403
    assert doras.post(f"{LIST}{pk}/delete/", {"post": "yes"}).status_code == 403
    assert "delete_selected" not in doras.get(LIST).text


def test_the_export_has_what_the_list_shows_as_json_lines_and_is_recorded(doras, dora, harbour, bob, monkeypatch):
    monkeypatch.setattr("chat.domain.record_export.PAGE_ROWS", 2)
    for number in range(5):
        record(dora, "person.change", bob, reason=f"No. {number} ☕")
    rows = lines_of(doras.get(f"{EXPORT}?verb=person.change"))
    assert [row["reason"] for row in rows] == [f"No. {number} ☕" for number in range(5)]
    assert set(rows[0]) == {field.attname for field in RecordedAction._meta.concrete_fields}
    last = RecordedAction.objects.first()
    assert (last.verb, last.after) == ("record.export", {"filter": "verb=person.change"})


def test_the_export_reads_a_page_at_once(dora, bob, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr("chat.domain.record_export.PAGE_ROWS", 2)
    for _number in range(5):
        record(dora, "person.change", bob)
    pages = record_export.pages()
    with django_assert_num_queries(1):
        assert next(pages).count("\n") == 2


def test_the_command_writes_the_same_lines(dora, bob):
    record(dora, "person.change", bob, before={"name": "Bob"}, after={"name": "Bobby"})
    out = StringIO()
    call_command("record", stdout=out)
    (row,) = map(json.loads, out.getvalue().splitlines())
    assert (row["actor_name"], row["verb"], row["after"]) == ("dora", "person.change", {"name": "Bobby"})
    out = StringIO()
    call_command("record", "--since=2100-01-01", stdout=out)
    assert out.getvalue() == ""
    for wrong in ("tomorrow", "2026-02-31"):
        with pytest.raises(CommandError, match="is not a day"):
            call_command("record", f"--since={wrong}")


def test_only_staff_with_the_permission_see_the_record(client, bob, set_up_site):
    erin = person("erin", is_staff=True)
    client.force_login(erin)
    for address in (LIST, EXPORT):
        assert client.get(address).status_code == 403
    erin.user_permissions.add(Permission.objects.get(codename="view_recordedaction"))
    for address in (LIST, EXPORT):
        assert client.get(address).status_code == 200
    assert not Permission.objects.filter(codename__in=["change_recordedaction", "delete_recordedaction"]).exists()
    assert reverse("admin:chat_recordedaction_export") == EXPORT
