"""With a resume token a guest without cookies is the same guest again: `client_id` is unique per sender."""

import asyncio

import pytest

from chat.management.protocol_connection import ProtocolConnection

from .asking import a_post

pytestmark = pytest.mark.core


async def come(place, token: str | None = None, worker: int = 0) -> ProtocolConnection:
    return await ProtocolConnection.connect(place.workers[worker].ws_url, resume=token)


async def test_a_guest_with_a_resume_token_is_the_same_guest_and_posts_nothing_twice(place):
    wire = await come(place)
    first = await wire.welcome()
    post = a_post("lobby", "said once")
    posted = (await wire.ask("post", **post))["message"]
    await wire.close()
    wire = await come(place, first["resume"], worker=-1)
    again = await wire.welcome()
    assert again["you"] == first["you"]
    assert (await wire.ask("post", **post))["message"]["id"] == posted["id"]
    assert (await wire.ask("edit", message=posted["id"], body="and corrected"))["message"]["text"] == "and corrected"
    # Each welcome has a token. The newest one is valid longest.
    assert again["resume"]
    await wire.close()
    other = await come(place)
    assert (await other.ask("post", **post))["message"]["id"] != posted["id"]
    await other.close()


@pytest.mark.parametrize("token", ["", "x", "x:y:z", "WyJhIiwiYiJd:1abcde:" + "A" * 43, "é", "\x00" * 9, "a" * 5000])
async def test_an_invalid_token_makes_a_new_guest(site, token):
    wire = await come(site, token.encode().decode("latin1").replace("\x00", "%00"))
    assert (await wire.welcome())["you"]["guest"]["name"]
    await wire.close()


async def test_only_the_guest_gets_the_token(place, connect):
    alice = await connect("alice", rooms=["lobby"])
    assert alice.welcome["resume"] is None
    guest = await come(place)
    token = (await guest.welcome())["resume"]
    await guest.ask("open", room="lobby")
    await guest.ask("post", **a_post("lobby"))
    await guest.ask("typing", room="lobby")
    await alice.until(lambda: [frame for frame in alice.frames if frame["type"] == "typing"])
    assert token not in str(list(alice.frames))
    await guest.close()


async def test_a_token_with_another_salt_or_too_old_is_invalid(site):
    forged = await asyncio.to_thread(site.python, "from django.core import signing\nresult = signing.dumps(['k', 'n'])")
    wire = await come(site, forged)
    assert (await wire.welcome())["you"]["guest"]["name"] != "n"
    await wire.close()


async def test_a_session_has_priority_over_a_token(site):
    guest = await come(site)
    token = (await guest.welcome())["resume"]
    await guest.close()
    wire = await ProtocolConnection.connect(site.ws_url, site.sign_in("alice"), resume=token)
    assert (await wire.welcome())["you"]["user"]["name"] == "alice"
    await wire.close()
