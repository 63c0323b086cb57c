"""The main journeys, from the set-up to a restart of the server."""

import re
import time

from chat.tests.services import PASSWORD, Network

SILENT_LOSS_S = 90
RESTART_S = 90


def test_ada_sets_up_the_site_and_writes_the_first_message(make_site, open_page):
    site = make_site(with_users=False)
    output = site.manage("setup", "--link", "--address", site.url).stdout
    ada = open_page(site, path=re.search(rf"{re.escape(site.url)}(/setup/\S+)", output)[1])
    ada.fill("[name$=site_name], [name$=name]:not([name$=username])", "Harbour Lights")
    ada.fill("[name$=username]", "ada")
    for number in (0, 1):
        ada.run("(at) => document.querySelectorAll('[type=password]')[at].focus()", number)
        ada.type(PASSWORD)
    ada.click("main button, form button", "Create the site")
    ada.expect_visible("#room-name", "Lobby")
    ada.wait_until_online()
    ada.send("The first word")
    ada.expect_messages("The first word")


def test_alice_and_bob_write_edit_delete_react_and_answer(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    bob.wait_until_online()
    alice.send("wonderfull")
    alice.send("never mind")
    bob.expect_messages("wonderfull", "never mind")

    alice.activate()
    alice.choose_action("wonderfull", "edit")
    alice.send("wonderful")
    bob.expect_messages("wonderful", "never mind")
    bob.expect_visible(".edited")

    alice.choose_action("never mind", "delete")
    bob.expect_messages("wonderful", "This message was deleted.")

    bob.activate()
    bob.choose_action("wonderful", "react")
    bob.click('#emoji-picker [data-emoji="🎉"]')
    alice.expect_visible(".reaction", "🎉")
    bob.expect_visible(".reaction", "🎉")
    bob.choose_action("wonderful", "reply")
    bob.expect_visible(".compose-mode", "Replying to alice")
    bob.send("Indeed.")
    alice.expect_messages("wonderful", "This message was deleted.", "Indeed.")
    alice.expect_visible(".quote", "wonderful")


CHOOSE = """
(name, text) => {
    const input = document.querySelector('.compose input[name="files"]');
    const data = new DataTransfer();
    data.items.add(new File([text], name, { type: "text/plain" }));
    input.files = data.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}
"""
IS_UPLOADED = "() => document.querySelector('.upload-card')?.dataset.phase === 'uploaded'"
# A tone instead of the microphone, which a machine for tests does not have. Firefox has one of its own (firefox.py).
USE_TONE = """
() => {
    if (navigator.userAgent.includes("Firefox")) return;
    navigator.mediaDevices.getUserMedia = async () => {
        const context = new AudioContext();
        const [tone, target] = [context.createOscillator(), context.createMediaStreamDestination()];
        tone.connect(target);
        tone.start();
        return target.stream;
    };
}
"""


def test_a_file_and_a_voice_message_are_sent_and_shown(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    alice.wait_until_online()
    bob.wait_until_online()
    alice.activate()
    alice.run(CHOOSE, "tide.py", "tide = 3")
    alice.wait_for(IS_UPLOADED)
    alice.send("The code")
    bob.expect_messages("The code")
    bob.expect_visible(".file-text code", "tide = 3")
    alice.run(USE_TONE)
    alice.click("[data-record]")
    alice.expect_visible(".recording-time", "0:01")
    alice.click("[data-keep]")
    alice.wait_for(IS_UPLOADED)
    alice.click(".compose .send")
    bob.expect_visible(".file-audio .file-name", "Voice message")
    bob.activate()
    bob.click(".file-audio .wave-play")
    bob.wait_for("() => document.querySelector('.file-audio audio').currentTime > 0.2")


def test_alice_uses_only_the_keyboard(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    alice.wait_until_online()
    alice.send("one")
    alice.send("two")
    alice.expect_messages("one", "two")
    alice.press("ArrowUp")
    alice.wait_for("() => document.getElementById('composer').value === 'two'")
    alice.type(" and a half")
    alice.press("Enter")
    alice.expect_messages("one", "two and a half")
    alice.run("() => document.getElementById('timeline').focus()")
    alice.press("Home", "Enter")
    alice.wait_for("() => document.activeElement.dataset.action === 'react'")
    alice.press("Enter")
    alice.wait_for("() => document.activeElement.closest('#emoji-picker') !== null")
    alice.type("tada")
    found = "[...document.querySelectorAll('#emoji-picker .emoji-body [data-emoji]')].filter((one) => one.offsetParent)"
    alice.wait_for(f"() => {found}[0]?.dataset.emoji === '🎉'")
    alice.press("Enter")
    alice.expect_visible(".reaction", "🎉")
    alice.press("Escape", "Escape")
    alice.wait_for("() => document.activeElement.id === 'composer'")


def test_a_draft_survives_a_reload_and_typing_goes_to_the_composer(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    alice.wait_until_online()
    alice.send("Tea?")
    alice.expect_messages("Tea?")
    alice.choose_action("Tea?", "reply")
    alice.type("half a thou")
    alice.reload()
    alice.expect_visible(".compose-mode", "Replying to alice")
    alice.wait_for("() => document.getElementById('composer').value === 'half a thou'")
    alice.click("#room-name")
    alice.type("ght")
    alice.wait_for("() => document.getElementById('composer').value.includes('ght')")


def test_the_scroll_position_is_restored_on_back_and_reload(site, room, open_page):
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
    bob = open_page(site, "bob", f"/rooms/{room}/")
    bob.wait_until_online()
    top = """() => [...document.querySelectorAll(".log article")]
        .find((each) => each.textContent.includes("Number 10.")).getBoundingClientRect().top"""
    bob.run("() => { document.getElementById('timeline').scrollTop = 250; }")
    bob.pause(0.3)
    before = bob.run(top)
    bob.click(".brand")
    bob.wait_for("() => document.getElementById('timeline') === null")
    bob.back()
    bob.wait_for("() => document.querySelectorAll('.log article').length === 45")
    assert abs(bob.run(top) - before) <= 2


def test_after_a_restart_of_the_server_pages_reconnect_and_no_message_is_lost(fresh_site, open_page):
    alice, bob = open_page(fresh_site, "alice", "/rooms/tea/"), open_page(fresh_site, "bob", "/rooms/tea/")
    bob.wait_until_online()
    alice.wait_until_online()
    worker = fresh_site.workers[0]
    worker.kill()
    alice.wait_for_state("offline")
    alice.send("written offline")
    # Long enough for several failed attempts, after which Firefox delays WebSockets.
    alice.pause(6)
    worker.start()
    came_back = time.monotonic()
    for tab in (alice, bob):
        tab.wait_until_online(timeout=RESTART_S)
        tab.expect_messages("written offline")
    assert time.monotonic() - came_back < RESTART_S


def test_a_silent_loss_is_detected_on_the_browsers_online_event(site, room, open_page):
    with Network(site.port) as network:
        bob = open_page(site, "bob", f"/rooms/{room}/", url=network.url)
        alice = open_page(site, "alice", f"/rooms/{room}/")
        bob.wait_until_online()
        bob.pause(2.5)
        network.lose()
        alice.send("Can you hear me?")
        alice.expect_messages("Can you hear me?")
        lost = time.monotonic()
        bob.run("() => { dispatchEvent(new Event('online')); }")
        bob.expect_messages("Can you hear me?", timeout=SILENT_LOSS_S)
        assert time.monotonic() - lost < SILENT_LOSS_S
