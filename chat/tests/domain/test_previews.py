"""Previews of links: a job adds them to the message, with a version."""

from base64 import b64encode

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.domain import messages, rooms, sites
from chat.domain.errors import Forbidden, NotFound
from chat.domain.previews import files, links, removal
from chat.models import Job, Message
from chat.previews import child
from chat.tests.previews.foreign_site import picture
from chat.tests.running_jobs import run_jobs
from chat.tests.talk import head, post_message

pytestmark = pytest.mark.django_db

URL = "https://example.com/tides"
OTHER = "https://example.org/boats"


@pytest.fixture
def looked_up(monkeypatch):
    """The links that were looked up. Each has a preview with its address as the title, and a picture."""
    asked = []

    def look_up(urls, allowed=()):
        asked.extend(urls)
        image = {"content": b64encode(picture()).decode(), "width": 720, "height": 360}
        texts = {"description": "", "site": "example.com", "icon": None}
        return [None if "missing" in url else {"title": url, "picture": image, **texts} for url in urls]

    monkeypatch.setattr(child, "look_up", look_up)
    return asked


def previews(message) -> list[str]:
    """The addresses of the previews that a message shows."""
    stored = Message.objects.for_serialization().get(pk=message.pk)
    return [preview.url for preview in messages.serialized(stored).previews]


def stored_files() -> set[str]:
    try:
        return set(storages["files"].listdir(files.FOLDER)[1])
    except FileNotFoundError:
        return set()


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    """A storage without files."""
    settings.STORAGES = settings.STORAGES | {
        "files": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Context manager at whose end a change counts as committed: tests run in a transaction."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def posted(harbour, alice, looked_up):
    """A message of Alice with a preview."""
    message = post_message(harbour, alice, f"See {URL}")
    assert run_jobs() == ["previews.fetch"]
    return message


def test_a_preview_is_a_change_with_a_version(posted, harbour, alice):
    changed = Message.objects.get(pk=posted.pk)
    assert (changed.version, changed.seq) == (head(harbour), posted.seq)
    assert changed.version == posted.version + 1
    assert changed.edited_at is None
    assert previews(posted) == [URL]


def test_a_second_run_of_the_job_changes_nothing(posted, harbour, looked_up):
    before, kept = head(harbour), stored_files()
    Job.objects.update(status="READY")
    assert run_jobs(also_later=True) == ["previews.fetch"]
    assert (head(harbour), looked_up, stored_files()) == (before, [URL], kept)


def test_the_first_three_links_have_previews(harbour, alice, looked_up):
    urls = [f"https://example.com/{number}" for number in range(5)]
    message = post_message(harbour, alice, " ".join([urls[0], *urls]))
    run_jobs()
    assert previews(message) == looked_up == urls[:3]


def test_a_page_without_a_preview_takes_no_version(harbour, alice, looked_up):
    message = post_message(harbour, alice, "https://example.com/missing")
    run_jobs()
    assert previews(message) == []
    assert head(harbour) == message.version


@pytest.mark.parametrize(
    "text", ["no link", "`https://example.com/`", "http://localhost:3368/rooms/tea/", "mailto:a@example.com", "@bob"]
)
def test_without_links_to_other_sites_no_job_is_enqueued(harbour, alice, text):
    post_message(harbour, alice, text)
    assert not Job.objects.exists()


def test_a_message_without_links_costs_no_query_more(harbour, alice):
    with CaptureQueriesContext(connection) as captured:
        post_message(harbour, alice, "Ahoy")
    assert not [query for query in captured if "dbtaskresult" in query["sql"]]


def test_links_are_found_with_their_real_address():
    assert links.links_of('<p><a href="https://a.example/?x=1&amp;y=2" rel="x">a</a></p>') == [
        "https://a.example/?x=1&y=2"
    ]
    assert links.links_of('<p><a href="ftp://a.example/">a</a> <a href="/rooms/">b</a></p>') == []


def test_alice_removes_a_preview_and_it_does_not_come_back(posted, harbour, alice, commit):
    with commit():
        changed = removal.remove_preview(message=posted.pk, by=alice, url=URL)
    assert changed.version == head(harbour)
    assert (previews(posted), stored_files()) == ([], set())
    again = removal.remove_preview(message=posted.pk, by=alice, url=URL)
    assert again.version == changed.version
    messages.edit(message=posted.pk, by=alice, body=f"See {URL} again")
    run_jobs()
    assert previews(posted) == []


def test_bob_cannot_remove_alices_preview_and_a_stranger_does_not_see_it(posted, bob, charlie):
    with pytest.raises(Forbidden, match="can remove a preview"):
        removal.remove_preview(message=posted.pk, by=bob, url=URL)
    with pytest.raises(NotFound):
        removal.remove_preview(message=posted.pk, by=charlie, url=URL)
    assert previews(posted) == [URL]


def test_a_moderator_removes_a_preview(harbour, bob, alice, looked_up):
    message = post_message(harbour, bob, URL)
    run_jobs()
    removal.remove_preview(message=message.pk, by=alice, url=URL)
    assert previews(message) == []


def test_what_has_no_preview_cannot_be_removed(posted, alice):
    with pytest.raises(NotFound):
        removal.remove_preview(message=posted.pk, by=alice, url=OTHER)


def test_after_an_edit_the_previews_are_those_of_its_links(posted, alice, commit):
    with commit():
        messages.edit(message=posted.pk, by=alice, body=f"Rather {OTHER}")
    assert (previews(posted), stored_files()) == ([], set())
    run_jobs()
    assert previews(posted) == [OTHER]
    messages.edit(message=posted.pk, by=alice, body=f"Both {URL} and {OTHER}")
    run_jobs()
    assert previews(posted) == [URL, OTHER]


def test_a_deleted_message_has_no_preview_and_its_pictures_are_deleted(posted, alice, commit):
    assert len(stored_files()) == 1
    with commit():
        messages.delete(message=posted.pk, by=alice)
    assert (previews(posted), stored_files()) == ([], set())


def test_a_message_that_is_deleted_while_its_link_is_fetched_gets_none(harbour, alice, looked_up, monkeypatch, commit):
    message = post_message(harbour, alice, URL)
    look_up = child.look_up

    def delete_meanwhile(urls, allowed=()):
        messages.delete(message=message.pk, by=alice)
        return look_up(urls)

    monkeypatch.setattr(child, "look_up", delete_meanwhile)
    with commit():
        run_jobs()
    assert (previews(message), stored_files()) == ([], set())
    assert Job.objects.successful().count() == 1


def test_a_message_that_is_edited_while_its_link_is_fetched_keeps_its_text(harbour, alice, looked_up, monkeypatch):
    message = post_message(harbour, alice, URL)
    look_up = child.look_up

    def edit_meanwhile(urls, allowed=()):
        monkeypatch.setattr(child, "look_up", look_up)
        messages.edit(message=message.pk, by=alice, body=f"Other {OTHER}")
        return look_up(urls)

    monkeypatch.setattr(child, "look_up", edit_meanwhile)
    run_jobs()
    assert previews(message) == [OTHER]


def test_an_archived_room_gets_no_previews(harbour, alice, looked_up):
    message = post_message(harbour, alice, URL)
    rooms.archive(room=harbour)
    run_jobs()
    assert previews(message) == []


def test_the_site_may_have_no_previews(harbour, alice, looked_up):
    sites.show_link_previews(on=False)
    message = post_message(harbour, alice, URL)
    run_jobs()
    assert (previews(message), looked_up) == ([], [])


# --- Pictures


def test_only_those_who_may_read_the_message_get_the_picture(posted, client, alice, charlie, harbour):
    path = messages.serialized(Message.objects.for_serialization().get(pk=posted.pk)).previews[0].picture
    assert client.get(path).status_code == 404
    client.force_login(charlie)
    assert client.get(path).status_code == 404
    client.force_login(alice)
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(path.replace(f"/{posted.pk}/", f"/{posted.pk + 1}/")).status_code == 404
    assert client.get(f"/previews/{posted.pk}/{'0' * 32}.webp").status_code == 404
    messages.delete(message=posted.pk, by=alice)
    assert client.get(path).status_code == 404
