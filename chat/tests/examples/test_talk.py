"""examples/talk.py and examples/talk.mjs: Python and JavaScript talk to each other in one room."""

import pytest

pytestmark = pytest.mark.core


async def test_python_and_javascript_talk_to_each_other(site, run):
    python = await run("talk.py", site.ws_url, "lobby", site.sign_in("alice"))
    javascript = await run("talk.mjs", site.ws_url, "lobby", site.sign_in("bob"))
    await python.shows("You are alice.")
    await javascript.shows("You are bob.")
    python.type("Hello from Python ☕")
    await javascript.shows("alice: Hello from Python ☕")
    javascript.type("你好 from JavaScript")
    await python.shows("bob: 你好 from JavaScript")
    assert await javascript.end_input() == 0


async def test_a_guest_of_node_is_told_what_is_refused(site, run):
    guest = await run("talk.mjs", site.ws_url, "den")
    await guest.shows("You are ")
    await guest.shows("! Room not found.")


async def test_what_others_write_cannot_move_the_cursor(site, run):
    alice = await run("talk.mjs", site.ws_url, "lobby", site.sign_in("alice"))
    bob = await run("talk.mjs", site.ws_url, "lobby", site.sign_in("bob"))
    await bob.shows("You are ")
    alice.type("\x1b[2Jboo\x07")
    await bob.shows("alice:  [2Jboo ")
