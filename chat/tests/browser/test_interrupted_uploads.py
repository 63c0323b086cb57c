"""An upload is cut, a page is loaded again, a file is chosen without a network: nothing is lost or sent twice."""

import pytest
from playwright.sync_api import expect

from .files import (
    card,
    cards,
    choose,
    count_requests,
    count_uploads,
    digest,
    file,
    large,
    press_send,
    slow_down,
    stored_files,
    wait_until_under_way,
    wait_until_uploaded,
)
from .pages import by_mouse_and_touch, message, send, wait_until_online, wait_until_stored

SLOW_BYTES_PER_S = 300_000
# True when there was a file to delete: the page creates the database and stores a chosen file after it has drawn it.
CLEAR_STORED_FILES = """async () => {
    if (!(await indexedDB.databases()).some(({ name }) => name === "parley")) return false;
    const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const database = await done(indexedDB.open("parley"));
    const store = database.transaction("files", "readwrite").objectStore("files");
    const count = await done(store.count());
    await done(store.clear());
    database.close();
    return count > 0;
}"""


@pytest.fixture
def alice(fresh_site, open_page, hand):
    """Alice's page, on a site of this test's own."""
    page = open_page(fresh_site, "alice", "/rooms/tea/")
    wait_until_online(page)
    return page


@by_mouse_and_touch
def test_an_upload_goes_on_where_the_server_was_when_it_was_killed(fresh_site, alice):
    film, worker = large("film.bin"), fresh_site.workers[0]
    created = count_requests(alice, "POST")
    slow_down(alice, SLOW_BYTES_PER_S)
    choose(alice, film)
    alice.locator("#composer").fill("The film")
    wait_until_under_way(alice, "film.bin")
    worker.kill()
    expect(card(alice, "film.bin")).to_contain_text("Waiting for the connection")
    slow_down(alice, -1)
    worker.start()
    wait_until_uploaded(alice, "film.bin")
    press_send(alice)
    wait_until_stored(alice, "The film")
    assert [one["sha256"] for one in stored_files(fresh_site, "tea")] == [digest(film)]
    assert len(created) == 1


def test_an_upload_goes_on_after_a_reload_in_its_middle(fresh_site, alice):
    film = large("film.bin")
    created = count_requests(alice, "POST")
    slow_down(alice, SLOW_BYTES_PER_S)
    choose(alice, film)
    wait_until_under_way(alice, "film.bin")
    alice.reload()
    slow_down(alice, -1)
    wait_until_uploaded(alice, "film.bin")
    press_send(alice)
    expect(alice.locator("article.message[data-id]")).to_have_count(1)
    assert [one["sha256"] for one in stored_files(fresh_site, "tea")] == [digest(film)]
    assert len(created) == 1


def test_a_message_that_is_sent_early_waits_for_its_files_and_holds_up_no_other(fresh_site, alice):
    film = large("film.bin")
    slow_down(alice, SLOW_BYTES_PER_S)
    choose(alice, film)
    wait_until_under_way(alice, "film.bin")
    send(alice, "With the film")
    waiting = message(alice, "With the film")
    expect(waiting).to_contain_class("pending")
    expect(waiting.locator(".unsent-file")).to_contain_text("film.bin")
    send(alice, "Meanwhile")
    wait_until_stored(alice, "Meanwhile")
    expect(waiting).to_contain_class("pending")
    # It is shown again, and sent, by another page of hers.
    alice.reload()
    expect(waiting.locator(".unsent-file")).to_contain_text("film.bin")
    slow_down(alice, -1)
    wait_until_stored(alice, "With the film")
    stored = stored_files(fresh_site, "tea")
    assert [(one["text"], one["sha256"]) for one in stored] == [("With the film", digest(film))]


@by_mouse_and_touch
def test_files_chosen_without_a_network_are_sent_when_there_is_one(fresh_site, alice):
    notes, film = file("notes.txt"), large("film.bin", 600_000)
    alice.context.set_offline(True)
    choose(alice, notes, film)
    expect(card(alice, "film.bin")).to_contain_text("Waiting for the connection")
    alice.locator("#composer").fill("From the train")
    press_send(alice)
    expect(cards(alice)).to_have_count(0)
    expect(message(alice, "From the train").locator(".unsent-file")).to_have_count(2)
    alice.context.set_offline(False)
    wait_until_stored(alice, "From the train")
    assert [one["sha256"] for one in stored_files(fresh_site, "tea")] == [digest(notes), digest(film)]


def test_files_chosen_while_the_server_is_down_survive_a_reload(fresh_site, alice):
    notes, worker = file("notes.txt"), fresh_site.workers[0]
    worker.kill()
    choose(alice, notes)
    expect(card(alice, "notes.txt")).to_contain_text("Waiting for the connection")
    alice.locator("#composer").fill("Later")
    press_send(alice)
    expect(message(alice, "Later").locator(".unsent-file")).to_have_count(1)
    worker.start()
    alice.goto(f"{fresh_site.url}/rooms/tea/")
    wait_until_stored(alice, "Later")
    expect(message(alice, "Later")).to_have_count(1)
    assert [one["sha256"] for one in stored_files(fresh_site, "tea")] == [digest(notes)]


def test_files_that_the_server_has_forgotten_are_uploaded_again(fresh_site, alice):
    notes = file("notes.txt")
    choose(alice, notes)
    wait_until_uploaded(alice, "notes.txt")
    fresh_site.python("from chat.models import Attachment\nAttachment.objects.all().delete()")
    alice.locator("#composer").fill("Late")
    press_send(alice)
    wait_until_stored(alice, "Late")
    assert [one["sha256"] for one in stored_files(fresh_site, "tea")] == [digest(notes)]


@by_mouse_and_touch
def test_a_message_that_cannot_be_sent_says_why_and_its_files_go_when_it_is_discarded(fresh_site, alice):
    slow_down(alice, SLOW_BYTES_PER_S)
    choose(alice, large("film.bin"))
    alice.locator("#composer").fill("To nobody")
    wait_until_under_way(alice, "film.bin")
    press_send(alice)
    fresh_site.python(
        "from chat.domain import rooms\nfrom chat.models import Room\nrooms.archive(room=Room.objects.get(slug='tea'))"
    )
    failed = message(alice, "To nobody")
    expect(failed).to_contain_class("failed")
    expect(failed).to_contain_text("film.bin")
    slow_down(alice, -1)
    failed.get_by_role("button", name="Discard").click()
    expect(failed).to_have_count(0)
    assert stored_files(fresh_site, "tea") == []


def test_a_file_that_left_the_browser_is_named(fresh_site, alice):
    alice.context.set_offline(True)
    choose(alice, file("notes.txt"))
    alice.wait_for_function(CLEAR_STORED_FILES)
    alice.context.set_offline(False)
    alice.reload()
    expect(card(alice, "notes.txt")).to_contain_text("no longer in this browser")
    assert count_uploads(fresh_site, "tea") == 0
