"""The front page of the admin, what needs attention, the live page, and the ways into the admin."""

import logging
import uuid
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from django_tasks.base import TaskResultStatus

from chat.admin import attention
from chat.domain import activity, connections, messages, migrations, rooms
from chat.models import Job, Site
from chat.tests.cast import person

FRONT = "/admin/"


class Knows:
    """A source of connections: one worker is lost, and Redis does not answer."""

    def people_in(self, rooms):
        return {}

    def sockets_of(self, users):
        return {}

    def sockets(self):
        return 12

    def lost_workers(self):
        return [connections.LostWorker("north:77", datetime(2026, 1, 1, tzinfo=UTC))]

    def layer_answers(self):
        return False


@pytest.fixture
def in_trouble():
    """A worker is lost and Redis is down."""
    connections.connect(Knows())
    yield
    connections.connect(None)


@pytest.fixture
def erin(db):
    """A staff user without any permission."""
    return person("erin", is_staff=True)


def job(status, **fields) -> Job:
    fields = {"run_after": timezone.now(), "args_kwargs": {"args": [], "kwargs": {}}} | fields
    fields["task_path"] = "chat.jobs.mail.send"
    return Job.objects.create(status=status, backend_name="default", queue_name="default", **fields)


def test_a_quiet_site_needs_no_attention(doras):
    page = doras.get(FRONT)
    assert page.context["attention"] == []
    assert "Nothing needs attention." in page.text


def test_failed_jobs_mail_a_lost_worker_and_a_full_disk_need_attention(doras, in_trouble, settings):
    trace = "Traceback\nOSError: no route"
    job(TaskResultStatus.FAILED, traceback=trace, finished_at=timezone.now())
    job(TaskResultStatus.READY, run_after=datetime(2026, 1, 1, tzinfo=UTC))
    Site.objects.update(mail_failed_at=timezone.now(), mail_error="550 go away")
    settings.MIN_FREE_DISK_BYTES = 2**60
    page = doras.get(FRONT)
    for text in (
        "1 job was given up. mail.send: OSError: no route",
        "nobody runs jobs",
        "The worker north:77 stopped without signing off.",
        "Redis does not answer.",
        "The disk is almost full",
        "550 go away",
    ):
        assert text in page.text
    levels = [line.level for line in page.context["attention"]]
    assert levels == sorted(levels)
    assert '<a href="/admin/chat/job/?state=failed">Show them</a>' in page.text


def test_migrations_that_are_not_applied_need_attention(doras, monkeypatch):
    monkeypatch.setattr(migrations, "pending", lambda: ["chat.0002_more"])
    assert "chat.0002_more" in doras.get(FRONT).text


def test_a_source_of_attention_that_fails_hides_no_others(doras, in_trouble, monkeypatch, caplog):
    def fail(request):
        raise RuntimeError("the reports are gone")

    monkeypatch.setattr(attention, "SOURCES", [fail, *attention.SOURCES])
    with caplog.at_level(logging.CRITICAL, logger="chat.admin.attention"):
        assert "north:77" in doras.get(FRONT).text


def test_the_numbers_of_today_and_the_busiest_rooms(doras, harbour, alice, bob, in_trouble):
    for author in (alice, alice, bob):
        messages.post(room="harbour", author=author, body="Fog", client_id=uuid.uuid4())
    activity.count_new()
    page = doras.get(FRONT)
    numbers = {str(figure["label"]): figure["number"] for figure in page.context["figures"]}
    assert (numbers["Messages today"], numbers["People who wrote today"], numbers["Connected now"]) == ("3", "2", "12")
    assert [(row["room"].slug, row["messages"]) for row in page.context["busy_rooms"]] == [("harbour", 3)]


@pytest.mark.parametrize("number", [1, 12])
def test_the_number_of_queries_of_the_front_page_is_constant(doras, alice, number, django_assert_num_queries):
    for index in range(number):
        rooms.create(slug=f"room-{index}", name=f"Room {index}", by=alice)
        messages.post(room=f"room-{index}", author=alice, body="Fog", client_id=uuid.uuid4())
    activity.count_new()
    attention._is_migrated = True
    with django_assert_num_queries(14):
        doras.get(FRONT)


def test_staff_without_permissions_see_no_numbers_and_no_live_page(client, erin, harbour, in_trouble, set_up_site):
    client.force_login(erin)
    page = client.get(FRONT)
    assert page.context["attention"] == page.context["figures"] == page.context["busy_rooms"] == []
    assert "/admin/live/" not in page.text
    assert client.get("/admin/live/").status_code == 403


def test_the_live_page_has_a_permission_of_its_own(client, erin, set_up_site):
    erin.user_permissions.add(Permission.objects.get(codename="watch_live"))
    client.force_login(erin)
    assert client.get("/admin/live/").status_code == 200
    assert '<a href="/admin/live/">Live</a>' in client.get(FRONT).text


def test_the_live_page_is_not_for_members(client, bob, set_up_site):
    client.force_login(bob)
    assert client.get("/admin/live/").status_code == 302


def test_pages_of_the_site_lead_to_a_room_and_a_person_in_the_admin(doras, harbour, alice):
    assert doras.get("/admin/open/room/harbour/").url == f"/admin/chat/room/{harbour.pk}/change/"
    assert doras.get(f"/admin/open/person/{alice.pk}/").url == f"/admin/people/user/{alice.pk}/change/"
    assert doras.get("/admin/open/room/nowhere/").status_code == 404


def test_staff_without_permission_are_led_to_no_room_and_no_person(client, erin, harbour, alice):
    client.force_login(erin)
    assert client.get("/admin/open/room/harbour/").status_code == 404
    assert client.get(f"/admin/open/person/{alice.pk}/").status_code == 404


def test_only_staff_have_the_links_into_the_admin_on_their_pages(client, doras, harbour, alice, dora):
    rooms.join(room=harbour, user=dora)
    page = doras.get("/rooms/harbour/").text
    assert "/admin/open/room/__slug__/" in page
    assert "/admin/open/person/0/" in page
    client.force_login(alice)
    assert "/admin/open/" not in client.get("/rooms/harbour/").text
