"""What people do most, from the set-up to a restart of the server."""

import re
import time

from chat.tests.services import PASSWORD, Network

SILENT_LOSS_S = 35
RESTART_S = 30


def test_ada_sets_the_site_up_and_says_the_first_word(make_site, arrive):
    site = make_site(peopled=False)
    said = site.manage("setup", "--link", "--address", site.url).stdout
    ada = arrive(site, path=re.search(rf"{re.escape(site.url)}(/setup/\S+)", said)[1])
    ada.fill("[name$=site_name], [name$=name]:not([name$=username])", "Harbour Lights")
    ada.fill("[name$=username]", "ada")
    for number in (0, 1):
        ada.run("(at) => document.querySelectorAll('[type=password]')[at].focus()", number)
        ada.type(PASSWORD)
    ada.click("main button, form button", "Open the site")
    ada.sees("#room-name", "Lobby")
    ada.is_online()
    ada.say("The first word")
    ada.shows("The first word")


def test_alice_and_bob_talk_and_change_what_they_said(site, room, arrive):
    alice, bob = arrive(site, "alice", f"/rooms/{room}/"), arrive(site, "bob", f"/rooms/{room}/")
    bob.is_online()
    alice.say("wonderfull")
    alice.say("never mind")
    bob.shows("wonderfull", "never mind")

    alice.show()
    alice.do("wonderfull", "edit")
    alice.say("wonderful")
    bob.shows("wonderful", "never mind")
    bob.sees(".edited")

    alice.do("never mind", "delete")
    alice.click("#delete-dialog button", "Delete")
    bob.shows("wonderful", "This message was deleted.")

    bob.show()
    bob.do("wonderful", "react")
    bob.click('.palette [data-emoji="🎉"]')
    alice.sees(".reaction", "🎉")
    bob.do("wonderful", "reply")
    bob.sees("#mode", "Replying to alice")
    bob.say("Indeed.")
    alice.shows("wonderful", "This message was deleted.", "Indeed.")
    alice.sees(".quote", "wonderful")


def test_alice_uses_the_keys_alone(site, room, arrive):
    alice = arrive(site, "alice", f"/rooms/{room}/")
    alice.is_online()
    alice.say("one")
    alice.say("two")
    alice.shows("one", "two")
    alice.press("ArrowUp")
    alice.wait_for("() => document.getElementById('composer').value === 'two'")
    alice.type(" and a half")
    alice.press("Enter")
    alice.shows("one", "two and a half")
    alice.run("() => document.getElementById('timeline').focus()")
    alice.press("Home", "Enter")
    alice.wait_for("() => document.activeElement.dataset.action === 'react'")
    alice.press("Enter", "Enter")
    alice.sees(".reaction", "👍")
    alice.press("Escape", "Escape")
    alice.wait_for("() => document.activeElement.id === 'composer'")


def test_a_draft_survives_a_reload_and_typing_finds_the_composer(site, room, arrive):
    alice = arrive(site, "alice", f"/rooms/{room}/")
    alice.is_online()
    alice.say("Tea?")
    alice.shows("Tea?")
    alice.do("Tea?", "reply")
    alice.type("half a thou")
    alice.reload()
    alice.sees("#mode", "Replying to alice")
    alice.wait_for("() => document.getElementById('composer').value === 'half a thou'")
    alice.click("#room-name")
    alice.type("ght")
    alice.wait_for("() => document.getElementById('composer').value.includes('ght')")


def test_bob_comes_back_to_the_place_that_he_left(site, room, arrive):
    site.python(
        """
        import uuid
        from django.contrib.auth import get_user_model
        from chat.domain import messages
        bob = get_user_model().objects.get_by_natural_key("bob")
        for number in range(45):
            messages.post(room=room, author=bob, body=f"Number {number}.", client_id=uuid.uuid4())
        """,
        room=room,
    )
    bob = arrive(site, "bob", f"/rooms/{room}/")
    bob.is_online()
    top = """() => [...document.querySelectorAll("#log article")]
        .find((each) => each.textContent.includes("Number 10.")).getBoundingClientRect().top"""
    bob.run("() => { document.getElementById('timeline').scrollTop = 250; }")
    bob.rest(0.3)
    before = bob.run(top)
    bob.click(".brand")
    bob.wait_for("() => document.getElementById('timeline') === null")
    bob.back()
    bob.wait_for("() => document.querySelectorAll('#log article').length === 45")
    assert abs(bob.run(top) - before) <= 2


def test_after_a_restart_of_the_server_everyone_is_back_and_nothing_is_lost(fresh_site, arrive):
    alice, bob = arrive(fresh_site, "alice", "/rooms/tea/"), arrive(fresh_site, "bob", "/rooms/tea/")
    bob.is_online()
    alice.is_online()
    worker = fresh_site.workers[0]
    worker.kill()
    alice.has_state("offline")
    alice.say("while nobody listens")
    # Long enough for several tries that fail: after those Firefox delays sockets.
    alice.rest(6)
    worker.start()
    came_back = time.monotonic()
    for tab in (alice, bob):
        tab.is_online(timeout=RESTART_S)
        tab.shows("while nobody listens")
    assert time.monotonic() - came_back < RESTART_S


def test_a_silent_loss_is_noticed_when_the_browser_says_that_it_is_online(site, room, arrive):
    with Network(site.port) as network:
        bob = arrive(site, "bob", f"/rooms/{room}/", url=network.url)
        alice = arrive(site, "alice", f"/rooms/{room}/")
        bob.is_online()
        bob.rest(2.5)
        network.lose()
        alice.say("Can you hear me?")
        alice.shows("Can you hear me?")
        lost = time.monotonic()
        bob.run("() => { dispatchEvent(new Event('online')); }")
        bob.shows("Can you hear me?", timeout=SILENT_LOSS_S)
        assert time.monotonic() - lost < SILENT_LOSS_S
