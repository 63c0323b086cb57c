"""The page `/wire/` in other browsers: the handshake, live frames, the round trip, and a new connection."""


def test_alice_sees_her_handshake_and_her_frames_and_connects_again(site, open_page):
    alice = open_page(site, "alice", "/wire/")
    alice.expect_visible("#wire-state", "Open")
    alice.expect_visible(".request-line", "GET /chat?observe HTTP/1.1")
    alice.expect_visible(".response-line", "HTTP/1.1 101 Switching Protocols")
    alice.expect_visible(".request-headers", "sessionid=•••")
    alice.expect_visible(".drawing", "101 Switching Protocols")
    alice.expect_visible('#wire-frames tr[data-opcode="1"][data-head^="81"]', "welcome")
    alice.expect_visible('#wire-frames tr[data-opcode="10"]', "after")
    alice.click(".frame-pause")  # a new frame would move the row away from the pointer
    alice.click('#wire-frames tr[data-opcode="10"] button')
    alice.expect_visible(".frame-head", "masked: a client masks all its frames")
    alice.click(".frame-pause")
    key = alice.run("() => document.querySelector('[data-step=key]').textContent")
    alice.click(".wire-reconnect")
    alice.expect_visible('#wire-frames tr[data-opcode="8"]', "closed without a code")
    alice.wait_for("(key) => document.querySelector('[data-step=key]').textContent !== key", key)
    alice.expect_visible("#wire-state", "Open")
