"""The server goes away and comes back at the same address: nothing is lost, doubled or out of order."""

import signal

import pytest
from playwright.sync_api import Error, expect

from .pages import bodies, by_mouse_and_touch, is_online, is_stored, message, say, shows_all, stored, to_list

MEANWHILE = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    from chat.models import Message
    person = get_user_model().objects.get_by_natural_key
    said = {each.text: each.pk for each in Message.objects.filter(room__slug="tea")}
    messages.edit(message=said["to be edited"], by=person("bob"), body="edited")
    messages.delete(message=said["to be deleted"], by=person("bob"))
    messages.react(message=said["to be liked"], by=person("bob"), emoji="🎉", on=True)
    messages.post(room="tea", author=person("bob"), body="meanwhile", client_id=uuid.uuid4())
"""


def texts_of(site) -> list[str]:
    """What the room says, as the database has it."""
    code = """
        from chat.models import Message
        result = list(Message.objects.filter(room__slug="tea").order_by("seq").values_list("text", flat=True))
    """
    return site.python(code)


def end(worker, number: signal.Signals) -> None:
    """Send the server a signal and wait until it is gone."""
    worker.signal(number)
    worker.wait()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "stopped"])
def test_what_alice_says_while_the_server_is_gone_arrives_once_and_in_order(fresh_site, arrive, number):
    site, worker = fresh_site, fresh_site.workers[0]
    alice, bob = arrive(site, "alice", "/rooms/tea/"), arrive(site, "bob", "/rooms/tea/")
    say(bob, "to be edited", "to be deleted", "to be liked")
    for text in ("to be edited", "to be deleted", "to be liked"):
        is_stored(alice, text)

    end(worker, number)
    for page in (alice, bob):
        expect(page.locator("#status")).to_be_visible()
        expect(page.locator("#status")).to_have_attribute("data-state", "offline")
        expect(page.locator("#status")).to_contain_text("What you write is kept")
    say(alice, "first", "second", "third")
    alice.locator("#composer").press_sequentially("half a thou")
    expect(alice.locator("article.pending .body")).to_have_text(["first", "second", "third"])
    site.python(MEANWHILE)

    worker.start()
    for page in (alice, bob):
        for text in ("first", "second", "third", "edited", "meanwhile"):
            is_stored(page, text)
        expect(page.locator("#status")).to_be_hidden()
        shows_all(page, site, "tea")
    expect(alice.locator("#composer")).to_have_value("half a thou")
    assert [text for text in texts_of(site) if text in {"first", "second", "third"}] == ["first", "second", "third"]


def test_what_alice_said_and_typed_survives_a_reload_without_a_server(fresh_site, arrive):
    site, worker = fresh_site, fresh_site.workers[0]
    alice = arrive(site, "alice", "/rooms/tea/")
    is_online(alice)
    worker.kill()
    expect(alice.locator("#status")).to_be_visible()
    say(alice, "first", "second")
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
        is_stored(alice, text)
    expect(bodies(alice)).to_have_text(["meanwhile", "first", "second"])
    shows_all(alice, site, "tea")


def test_what_the_dead_server_had_not_acknowledged_is_there_once(fresh_site, arrive):
    site, worker = fresh_site, fresh_site.workers[0]
    alice, bob = arrive(site, "alice", "/rooms/tea/"), arrive(site, "bob", "/rooms/tea/")
    is_online(bob)
    said = [f"number {n:02}" for n in range(40)]
    for text in said[:20]:
        say(alice, text)
    # In the midst of the talk: some are stored, some are told, some are on their way.
    is_stored(alice, said[4])
    worker.kill()
    for text in said[20:]:
        say(alice, text)
    expect(bodies(alice)).to_have_text(said)
    worker.start()
    for page in (alice, bob):
        expect(page.locator("article.message[data-id]:not(.pending)")).to_have_count(len(said))
        shows_all(page, site, "tea")
    assert texts_of(site) == said


def test_a_frozen_server_keeps_alice_from_nothing_that_it_had(fresh_site, arrive):
    site, worker = fresh_site, fresh_site.workers[0]
    alice = arrive(site, "alice", "/rooms/tea/")
    is_online(alice)
    worker.pause()
    say(alice, "to a frozen server", "and another")
    expect(alice.locator("article.pending")).to_have_count(2)
    worker.kill()
    expect(alice.locator("#status")).to_be_visible()
    worker.start()
    is_stored(alice, "to a frozen server")
    is_stored(alice, "and another")
    assert len(stored(site, "tea")) == 2
    shows_all(alice, site, "tea")


@by_mouse_and_touch
def test_the_banner_offers_a_try_at_once(fresh_site, arrive):
    site, worker = fresh_site, fresh_site.workers[0]
    alice = arrive(site, "alice", "/rooms/tea/")
    is_online(alice)
    # Her clock stands still: the wait before the next try does not end by itself.
    alice.clock.install(time=0)
    alice.clock.pause_at(1000)
    worker.kill()
    expect(alice.locator("#status")).to_have_attribute("data-state", "offline")
    worker.start()
    alice.get_by_role("button", name="Try now").click()
    is_online(alice)
    alice.clock.resume()
    say(alice, "back")
    is_stored(alice, "back")
    expect(message(alice, "back")).to_have_count(1)


@by_mouse_and_touch
def test_whoever_was_signed_out_elsewhere_is_sent_to_sign_in(fresh_site, arrive):
    bob = arrive(fresh_site, "bob", "/rooms/tea/")
    is_online(bob)
    other = bob.context.new_page()
    other.goto(f"{fresh_site.url}/rooms/tea/")
    to_list(other)
    other.locator(".account-menu summary").click()
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(bob.get_by_role("heading", name="Sign in")).to_be_visible()
