"""The command `people`: who of the site a client finds."""

import pytest

from .asking import refusal

pytestmark = pytest.mark.sites("site_postgres_redis", "site")


async def test_alice_finds_people_by_the_beginning_of_their_name(connect, place):
    alice = await connect("alice")
    found = (await alice.ask("people", query="BO"))["people"]
    assert [person["name"] for person in found] == ["bob"]
    assert (await alice.ask("people", query="no such person"))["people"] == []


async def test_without_a_query_the_answer_has_everyone_up_to_the_limit(connect):
    alice = await connect("alice")
    assert {"alice", "bob", "charlie"} <= {person["name"] for person in (await alice.ask("people"))["people"]}
    assert len((await alice.ask("people", limit=2))["people"]) == 2


async def test_a_guest_finds_nobody(connect):
    guest = await connect()
    assert (await refusal(guest.ask("people", query="bob"))).code == "forbidden"
