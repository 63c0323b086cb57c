"""The socket of the live page on plain ASGI: who may watch, and when it ends."""

import json

import pytest
from django.contrib.auth.models import Permission

from chat.domain import accounts
from chat.live import board_consumer, database
from chat.live.hub import Hub
from chat.tests.cast import person
from chat.tests.live.fake_sockets import until
from chat.tests.live.talk_on_asgi import Talk

pytestmark = pytest.mark.django_db(transaction=True)
PATH = board_consumer.PATH


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    """Texts and checks come soon."""
    monkeypatch.setattr("chat.live.board.EVERY_S", 0.05)
    monkeypatch.setattr(board_consumer, "CHECK_EVERY_S", 0.05)


@pytest.fixture
def erin(set_up_site):
    """A staff user who may watch."""
    erin = person("erin", is_staff=True)
    erin.user_permissions.add(Permission.objects.get(codename="watch_live"))
    return erin


@pytest.fixture
def erins(cookie, erin):
    """Erin's cookie."""
    return cookie(erin)


@pytest.fixture
def refused(cookie, alice, finn):
    """The cookies of those who may not watch."""
    return {"nobody": "", "alice": cookie(alice), "finn": cookie(finn)}


@pytest.fixture
def finn(set_up_site):
    """A staff user who may not watch."""
    return person("finn", is_staff=True)


async def test_staff_with_the_permission_get_figures(erins):
    async with Talk(PATH, (), cookie=erins) as talk:
        await until(lambda: len(talk.frames) > 1)
        first = talk.frames[0]
        assert first["type"] == "figures"
        assert [worker["state"] for worker in first["workers"]] == ["alive"]
        assert json.dumps(first).count("sessionid") == 0
        assert Hub.current().board.watchers == 1
    await until(lambda: Hub.current().board.watchers == 0)


@pytest.mark.parametrize("who", ["nobody", "alice", "finn"])
async def test_members_guests_and_staff_without_the_permission_are_refused(who, refused):
    async with Talk(PATH, (), cookie=refused[who]) as talk:
        assert talk.code == 4001
        assert talk.frames == []


async def test_who_is_deactivated_watches_no_longer(erin, dora, erins):
    async with Talk(PATH, (), cookie=erins) as talk:
        await until(lambda: talk.frames)
        await database.write(accounts.deactivate, user=erin, by=dora)
        await until(lambda: talk.code == 4001)


async def test_a_watcher_sends_no_commands(erins):
    async with Talk(PATH, (), cookie=erins) as talk:
        await until(lambda: talk.frames)
        talk.send_text(json.dumps({"type": "post", "room": "lobby"}))
        await until(lambda: talk.code == 1003)


async def test_a_worker_has_a_limit_of_watchers(erins, monkeypatch):
    monkeypatch.setattr(board_consumer, "MAX_WATCHERS", 1)
    async with Talk(PATH, (), cookie=erins) as first, Talk(PATH, (), cookie=erins) as second:
        assert first.frames
        assert second.code == 1013
