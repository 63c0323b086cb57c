"""A guest who keeps no cookies comes back as themselves: `client_id` is unique per sender."""

import asyncio

import pytest

from chat.management.wire import Wire

from .asking import a_post


async def come(place, token: str | None = None, worker: int = 0) -> Wire:
    return await Wire.connect(place.workers[worker].ws_url, resume=token)


async def test_a_guest_who_comes_back_is_the_same_and_says_nothing_twice(place):
    wire = await come(place)
    first = await wire.welcome()
    post = a_post("lobby", "said once")
    said = (await wire.ask("post", **post))["message"]
    await wire.close()
    wire = await come(place, first["resume"], worker=-1)
    again = await wire.welcome()
    assert again["you"] == first["you"]
    assert (await wire.ask("post", **post))["message"]["id"] == said["id"]
    assert (await wire.ask("edit", message=said["id"], body="and corrected"))["message"]["text"] == "and corrected"
    # Each welcome has one: the newest is good for the longest.
    assert again["resume"]
    await wire.close()
    other = await come(place)
    assert (await other.ask("post", **post))["message"]["id"] != said["id"]
    await other.close()


@pytest.mark.parametrize("token", ["", "x", "x:y:z", "WyJhIiwiYiJd:1abcde:" + "A" * 43, "é", "\x00" * 9, "a" * 5000])
async def test_a_token_that_is_none_makes_a_new_guest(site, token):
    wire = await come(site, token.encode().decode("latin1").replace("\x00", "%00"))
    assert (await wire.welcome())["you"]["guest"]["name"]
    await wire.close()


async def test_a_token_is_told_to_nobody_else_and_not_to_users(place, connect):
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


async def test_a_token_of_another_salt_or_age_is_none(site):
    forged = await asyncio.to_thread(site.python, "from django.core import signing\nresult = signing.dumps(['k', 'n'])")
    wire = await come(site, forged)
    assert (await wire.welcome())["you"]["guest"]["name"] != "n"
    await wire.close()


async def test_a_session_comes_before_a_token(site):
    guest = await come(site)
    token = (await guest.welcome())["resume"]
    await guest.close()
    wire = await Wire.connect(site.ws_url, site.sign_in("alice"), resume=token)
    assert (await wire.welcome())["you"]["user"]["name"] == "alice"
    await wire.close()


@pytest.fixture(params=["site", "site_postgres_redis"])
def place(request):
    """On one worker, and on two: the token is good on each."""
    return request.getfixturevalue(request.param)
