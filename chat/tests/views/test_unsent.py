"""The pages of drafts and of scheduled messages: each shows a person their own, and lets them change these."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import drafts, scheduled
from chat.models import Draft, Job, ScheduledMessage
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(harbour):
    """Function that schedules a message in the harbour; returns its id."""

    def schedule(author, body="Good <b>morning</b>"):
        at = timezone.now() + timedelta(hours=1)
        made = scheduled.schedule(room="harbour", author=author, body=body, client_id=uuid.uuid4(), at=at)
        return made.id

    return schedule


def save_draft(room, user, body="Half a <b>thought</b>"):
    drafts.save(room=room.slug, user=user, body=body, client_id=uuid.uuid4())
    return Draft.objects.get(user=user).pk


def test_the_page_of_drafts_links_to_their_rooms(visit, harbour, alice, bob):
    save_draft(harbour, alice)
    text = visit(alice).get("/drafts/").content.decode()
    assert "Half a &lt;b&gt;thought&lt;/b&gt;" in text
    assert 'class="overview-line" href="/rooms/harbour/"' in text
    assert "Half a" not in visit(bob).get("/drafts/").content.decode()
    assert "No drafts" in visit(bob).get("/drafts/").content.decode()


def test_a_person_deletes_their_own_draft_alone(visit, harbour, alice, bob):
    draft = save_draft(harbour, alice)
    assert visit(bob).post(f"/drafts/{draft}/").status_code == 302
    assert visit(alice).get(f"/drafts/{draft}/").status_code == 302
    assert Draft.objects.exists()
    response = visit(alice).post(f"/drafts/{draft}/")
    assert (response.status_code, response["Location"]) == (302, "/drafts/")
    assert not Draft.objects.exists()


def test_the_page_of_scheduled_messages_shows_text_room_and_time(visit, later, alice, bob):
    later(alice)
    text = visit(alice).get("/scheduled/").content.decode()
    assert "Good &lt;b&gt;morning&lt;/b&gt;" in text
    assert "Harbour" in text
    assert f'datetime="{ScheduledMessage.objects.get().at.isoformat()[:16]}' in text
    assert "Nothing is scheduled" in visit(bob).get("/scheduled/").content.decode()


def test_a_person_changes_sends_and_cancels_a_message(visit, later, alice):
    message, hers = later(alice), visit(alice)
    path, at = f"/scheduled/{message}/", timezone.now().replace(microsecond=0) + timedelta(days=2)
    assert hers.post(path, {"do": "change", "body": "Good evening", "at": at.isoformat()}).status_code == 302
    row = ScheduledMessage.objects.get()
    assert (row.body, row.at) == ("Good evening", at)
    assert hers.post(path, {"do": "change", "body": "Good night", "at": ""}).status_code == 302
    assert ScheduledMessage.objects.get().at == at
    Job.objects.all().delete()
    assert hers.post(path, {"do": "send"}).status_code == 302
    (job,) = Job.objects.queued()
    assert job.run_after <= timezone.now()
    assert hers.post(path, {"do": "cancel"}).status_code == 302
    assert not ScheduledMessage.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"body": " ", "at": ""},
        {"body": "x" * 8001, "at": ""},
        {"body": "x", "at": "soon"},
        {"body": "x", "at": "2026-13-45T99:00Z"},
        {"body": "x", "at": "2030-01-01T09:00"},
        {"body": "x", "at": "2300-01-01T09:00Z"},
    ],
    ids=["empty", "long", "words", "no date", "no zone", "far away"],
)
def test_a_bad_change_is_explained_and_changes_nothing(visit, later, alice, fields):
    message = later(alice)
    response = visit(alice).post(f"/scheduled/{message}/", {"do": "change"} | fields)
    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()
    assert ScheduledMessage.objects.get().body == "Good <b>morning</b>"


def test_bob_cannot_change_alices_message(visit, later, alice, bob):
    message = later(alice)
    for what in ("change", "send", "cancel"):
        response = visit(bob).post(f"/scheduled/{message}/", {"do": what, "body": "Mine"})
        assert response.status_code == 404
    assert ScheduledMessage.objects.get().body == "Good <b>morning</b>"


def test_the_list_says_why_a_message_was_not_sent(visit, later, alice):
    later(alice)
    for code, reason in (("archived", "the room is archived"), ("not_found", "no longer have access")):
        ScheduledMessage.objects.update(failure=code)
        assert reason in visit(alice).get("/scheduled/").content.decode()


def test_a_visitor_is_asked_to_sign_in(client, harbour, alice):
    post_message(harbour, alice)
    for path in ("/drafts/", "/scheduled/", "/drafts/1/", "/scheduled/1/"):
        assert client.get(path).status_code == 302
