"""After Bob has lost a room, no command of the socket shows him anything of it, or changes anything in it."""

import json

import pytest

from chat.domain.errors import DomainError
from chat.live import database
from chat.live.execution import execute
from chat.live.parsing import parse_command
from chat.protocol.commands import COMMANDS
from chat.tests.live.fake_sockets import open_room, settle, until
from chat.tests.revocation.world import ON_PAGES, SECRET, SLUG, build, losses
from chat.tests.wire.asking import command

pytestmark = pytest.mark.django_db(transaction=True)
SHOWS = {"open", "history", "pins", "edits", "thread", "threads", "files", "browse", "reports", "report_context"}
"""The commands that only read, and whose answers have something of the room for a member."""


async def ask(hub, connection, name: str, world) -> str:
    """Execute a command as if it had come before the hub knew of the loss. Returns its answer or error as text."""
    frames = len(connection.socket.frames)
    fields = command(name, SLUG, world.message)
    if "report" in fields:
        fields["report"] = world.report
    try:
        reply = await execute(parse_command({"type": name, "ref": 1} | fields), connection, hub)
        answer = reply.encode() if reply is not None else ""
    except DomainError as refused:
        answer = f"{refused.code}: {refused.detail}"
    return answer + json.dumps(connection.socket.frames[frames:])


async def test_a_member_sees_something_of_the_room(hub, connect_as, alice, bob, set_up_site):
    """Otherwise the test below would prove nothing."""
    world = await database.write(build, alice, bob, "private")
    his = await connect_as(bob)
    for name in sorted(SHOWS):
        assert SECRET in await ask(hub, his, name, world), name


@pytest.mark.parametrize("loss", losses(often=lambda name: name not in ON_PAGES))
async def test_no_command_and_no_event_shows_or_changes_anything(hub, connect_as, alice, bob, dora, set_up_site, loss):
    """`command` raises KeyError for a command that was added without a row."""
    world = await database.write(build, alice, bob, loss.kind)
    his, hers = await connect_as(bob), await connect_as(alice)
    await open_room(hub, his, SLUG)
    await open_room(hub, hers, SLUG)
    await database.write(loss.happen, world, bob, dora)
    if loss.ends_sessions:
        await until(lambda: his.socket.code == 4001, "the socket is closed")
    else:
        await until(lambda: SLUG not in his.watching, "the watch ends")
    await settle()
    before, seen = await database.read(world.state), len(his.socket.frames)
    for name in COMMANDS:
        answer = await ask(hub, his, name, world)
        assert SECRET not in answer, (name, answer)
        assert await database.read(world.state) == before, name
    text = f"{SECRET} among ourselves"
    fields = command("post", SLUG, world.message) | {"body": text}
    await execute(parse_command({"type": "post", "ref": 1} | fields), hers, hub)
    await until(lambda: text in json.dumps(hers.socket.frames), "Alice gets her message")
    await settle()
    assert SECRET not in json.dumps(his.socket.frames[seen:])
