"""After a loss of access no socket shows anything: neither one that is open, nor one that is opened with a kept cookie.

One row for each path of `chat.routing`. What the commands of the chat's socket answer is in `test_commands`.
"""

import json

import pytest
from django.contrib.auth.models import Permission

from chat import routing
from chat.domain import account_bans, accounts
from chat.live import board_consumer, database
from chat.tests.live.conftest import cookie
from chat.tests.live.fake_sockets import until
from chat.tests.live.talk_on_asgi import Talk
from chat.tests.revocation.world import LOSSES, SECRET, build

__all__ = ["cookie"]

pytestmark = pytest.mark.django_db(transaction=True)
CHAT, BOARD = "of the chat", "of the live page of the admin"
TABLE = {"/": CHAT, "/chat": CHAT, "/admin/live/socket/": BOARD}


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    """The live page's texts and checks come soon."""
    monkeypatch.setattr("chat.live.board.EVERY_S", 0.05)
    monkeypatch.setattr(board_consumer, "CHECK_EVERY_S", 0.05)


def paths(kind: str) -> list[str]:
    """The paths of one kind."""
    return [path for path, its_kind in TABLE.items() if its_kind == kind]


def let_watch(user) -> None:
    """Make somebody staff who may watch the live page."""
    type(user).objects.filter(pk=user.pk).update(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="watch_live"))


def test_every_socket_has_a_row():
    assert routing.SOCKETS.keys() == TABLE.keys()


async def test_a_member_is_shown_the_room(cookie, alice, bob, set_up_site):
    """Otherwise the next test would prove nothing."""
    await database.write(build, alice, bob, "private")
    kept = await database.write(cookie, bob)
    for path in paths(CHAT):
        async with Talk(path, cookie=kept) as talk:
            assert SECRET in json.dumps(talk.frames)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
async def test_no_socket_that_is_opened_after_the_loss_shows_the_room(cookie, alice, bob, dora, set_up_site, loss):
    world = await database.write(build, alice, bob, loss.kind)
    kept = await database.write(cookie, bob)
    await database.write(loss.happen, world, bob, dora)
    # Also with a session that was made after the loss.
    for one in (kept, await database.write(cookie, bob)):
        for path in TABLE:
            async with Talk(path, () if path in paths(BOARD) else ("chat",), cookie=one) as talk:
                assert SECRET not in json.dumps(talk.frames)
                if path in paths(BOARD):
                    assert (talk.code, talk.frames) == (4001, [])
                elif loss.ends_sessions:
                    # A guest, as any visitor without an account.
                    assert talk.code == 4001 or talk.frames[0]["you"]["user"] is None


LOSSES_OF_STAFF = {
    "deactivated": lambda user, dora: accounts.deactivate(user=user, by=dora),
    "banned": lambda user, dora: account_bans.ban(user=user, by=dora),
    "signed out": lambda user, dora: accounts.sign_out_everywhere(user=user, by=dora),
    "no staff any more": lambda user, dora: type(user).objects.filter(pk=user.pk).update(is_staff=False),
    "without the permission": lambda user, dora: user.user_permissions.clear(),
}


@pytest.mark.parametrize("loss", LOSSES_OF_STAFF)
async def test_the_live_page_ends_for_whoever_loses_the_right_to_it(cookie, bob, dora, set_up_site, loss):
    await database.write(let_watch, bob)
    kept = await database.write(cookie, bob)
    for path in paths(BOARD):
        async with Talk(path, (), cookie=kept) as talk:
            await until(lambda talk=talk: talk.frames, "figures")
            await database.write(LOSSES_OF_STAFF[loss], bob, dora)
            await until(lambda talk=talk: talk.code == 4001, "the socket is closed")
            seen = len(talk.frames)
        assert len(talk.frames) == seen
        async with Talk(path, (), cookie=kept) as again:
            assert (again.code, again.frames) == (4001, [])
