"""The server stops and starts again: no message is lost, stored twice or out of order."""

import signal

import pytest
from playwright.sync_api import Error, expect

from .pages import (
    bodies,
    by_mouse_and_touch,
    expect_all_messages,
    go_to_list,
    message,
    send,
    stored_messages,
    wait_until_online,
    wait_until_stored,
)

CHANGE_MESSAGES = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    from chat.models import Message
    person = get_user_model().objects.get_by_natural_key
    ids = {each.text: each.pk for each in Message.objects.filter(room__slug="tea")}
    messages.edit(message=ids["to be edited"], by=person("bob"), body="edited")
    messages.delete(message=ids["to be deleted"], by=person("bob"))
    messages.react(message=ids["to be liked"], by=person("bob"), emoji="🎉", on=True)
    messages.post(room="tea", author=person("bob"), body="meanwhile", client_id=uuid.uuid4())
"""


def texts_of(site) -> list[str]:
    """The texts of the room's messages in the database, in order."""
    code = """
        from chat.models import Message
        result = list(Message.objects.filter(room__slug="tea").order_by("seq").values_list("text", flat=True))
    """
    return site.python(code)


def end(worker, signal_number: signal.Signals) -> None:
    """Send the server a signal and wait until its process has ended."""
    worker.signal(signal_number)
    worker.wait()


@pytest.mark.parametrize(
    "signal_number",
    [pytest.param(signal.SIGKILL, id="killed", marks=pytest.mark.core), pytest.param(signal.SIGTERM, id="stopped")],
)
def test_messages_written_while_the_server_is_down_are_stored_once_and_in_order(fresh_site, open_page, signal_number):
    site, worker = fresh_site, fresh_site.workers[0]
    alice, bob = open_page(site, "alice", "/rooms/tea/"), open_page(site, "bob", "/rooms/tea/")
    send(bob, "to be edited", "to be deleted", "to be liked")
    for text in ("to be edited", "to be deleted", "to be liked"):
        wait_until_stored(alice, text)

    end(worker, signal_number)
    for page in (alice, bob):
        expect(page.locator("#status")).to_be_visible()
        expect(page.locator("#status")).to_have_attribute("data-state", "offline")
        expect(page.locator("#status")).to_contain_text("Your messages are saved")
    send(alice, "first", "second", "third")
    alice.locator("#composer").press_sequentially("half a thou")
    expect(alice.locator("article.pending .body")).to_have_text(["first", "second", "third"])
    site.python(CHANGE_MESSAGES)

    worker.start()
    for page in (alice, bob):
        for text in ("first", "second", "third", "edited", "meanwhile"):
            wait_until_stored(page, text)
        expect(page.locator("#status")).to_be_hidden()
        expect_all_messages(page, site, "tea")
    expect(alice.locator("#composer")).to_have_value("half a thou")
    assert [text for text in texts_of(site) if text in {"first", "second", "third"}] == ["first", "second", "third"]


def test_unsent_messages_and_the_draft_survive_a_reload_without_a_server(fresh_site, open_page):
    site, worker = fresh_site, fresh_site.workers[0]
    alice = open_page(site, "alice", "/rooms/tea/")
    wait_until_online(alice)
    worker.kill()
    expect(alice.locator("#status")).to_be_visible()
    send(alice, "first", "second")
    alice.locator("#composer").press_sequentially("half a thou")
    with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
        alice.reload()
    site.python(
        """
        import uuid
        from django.contrib.auth import get_user_model
        from chat.domain import messages
        bob = get_user_model().objects.get_by_natural_key("bob")
        messages.post(room="tea", author=bob, body="meanwhile", client_id=uuid.uuid4())
        """
    )
    worker.start()
    alice.goto(f"{site.url}/rooms/tea/")
    expect(alice.locator("#composer")).to_have_value("half a thou")
    for text in ("first", "second"):
        wait_until_stored(alice, text)
    expect(bodies(alice)).to_have_text(["meanwhile", "first", "second"])
    expect_all_messages(alice, site, "tea")


def test_messages_that_a_killed_server_did_not_acknowledge_are_stored_once(fresh_site, open_page):
    site, worker = fresh_site, fresh_site.workers[0]
    alice, bob = open_page(site, "alice", "/rooms/tea/"), open_page(site, "bob", "/rooms/tea/")
    wait_until_online(bob)
    texts = [f"number {n:02}" for n in range(40)]
    for text in texts[:20]:
        send(alice, text)
    # At this moment some are stored and acknowledged, some only stored, some still on their way.
    wait_until_stored(alice, texts[4])
    worker.kill()
    for text in texts[20:]:
        send(alice, text)
    expect(bodies(alice)).to_have_text(texts)
    worker.start()
    for page in (alice, bob):
        expect(page.locator("article.message[data-id]:not(.pending)")).to_have_count(len(texts))
        expect_all_messages(page, site, "tea")
    assert texts_of(site) == texts


def test_messages_sent_to_a_frozen_server_are_stored_once_after_its_restart(fresh_site, open_page):
    site, worker = fresh_site, fresh_site.workers[0]
    alice = open_page(site, "alice", "/rooms/tea/")
    wait_until_online(alice)
    worker.pause()
    send(alice, "to a frozen server", "and another")
    expect(alice.locator("article.pending")).to_have_count(2)
    worker.kill()
    expect(alice.locator("#status")).to_be_visible()
    worker.start()
    wait_until_stored(alice, "to a frozen server")
    wait_until_stored(alice, "and another")
    assert len(stored_messages(site, "tea")) == 2
    expect_all_messages(alice, site, "tea")


@by_mouse_and_touch
def test_the_banner_has_a_button_that_reconnects_at_once(fresh_site, open_page):
    site, worker = fresh_site, fresh_site.workers[0]
    alice = open_page(site, "alice", "/rooms/tea/", unshared=True)
    wait_until_online(alice)
    # Her clock is stopped, so that the page does not retry by itself.
    alice.clock.install(time=0)
    alice.clock.pause_at(1000)
    worker.kill()
    expect(alice.locator("#status")).to_have_attribute("data-state", "offline")
    worker.start()
    alice.get_by_role("button", name="Try now").click()
    wait_until_online(alice)
    alice.clock.resume()
    send(alice, "back")
    wait_until_stored(alice, "back")
    expect(message(alice, "back")).to_have_count(1)


@by_mouse_and_touch
def test_a_sign_out_in_one_tab_sends_the_other_to_the_sign_in_page(fresh_site, open_page):
    bob = open_page(fresh_site, "bob", "/rooms/tea/")
    wait_until_online(bob)
    other = bob.context.new_page()
    other.goto(f"{fresh_site.url}/rooms/tea/")
    go_to_list(other)
    other.locator(".account-menu summary").click()
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(bob.get_by_role("heading", name="Sign in")).to_be_visible()
