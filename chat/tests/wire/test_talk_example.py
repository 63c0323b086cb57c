"""examples/talk.py: a short program that reads and posts messages in a room."""

import asyncio
import random
import subprocess
import sys

import pytest

from chat.tests.chaos.cutting_proxy import CuttingProxy
from chat.tests.client import Client
from chat.tests.services.environment import ROOT

pytestmark = pytest.mark.core

WAIT_S = 90


class Terminal:
    """examples/talk.py in a process of its own, with a terminal's input and output."""

    def __init__(self, process: asyncio.subprocess.Process):
        self.process = process
        self.read: list[str] = []

    @classmethod
    async def start(cls, *words: str) -> "Terminal":
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return cls(await asyncio.create_subprocess_exec(sys.executable, ROOT / "examples" / "talk.py", *words, **pipes))

    def type(self, line: str) -> None:
        """Type a line, and Enter."""
        self.process.stdin.write(f"{line}\n".encode())

    async def shows(self, line: str) -> None:
        """Wait until a line is printed. The lines before it are kept in `read`."""
        async with asyncio.timeout(WAIT_S):
            while line not in self.read:
                printed = (await self.process.stdout.readline()).decode()
                assert printed, f"it ended before it printed {line!r}: {self.read}"
                self.read.append(printed.rstrip("\n"))

    async def hang_up(self) -> int:
        """End the input, as Ctrl-D does, and wait for the exit code."""
        self.process.stdin.close()
        return await asyncio.wait_for(self.process.wait(), WAIT_S)


@pytest.fixture
async def terminal():
    """Function that starts examples/talk.py."""
    started = []

    async def start(*words: str) -> Terminal:
        started.append(await Terminal.start(*words))
        return started[-1]

    yield start
    for one in started:
        if one.process.returncode is None:
            one.process.kill()
            await one.process.wait()


async def test_a_guest_at_a_terminal_and_alice_exchange_messages(site, terminal):
    async with Client(site.ws_url, site.sign_in("alice"), ["lobby"]) as alice:
        await alice.post_message("lobby", "Anybody here?")
        # As in the documentation: without the path.
        guest = await terminal(site.ws_url.removesuffix("/chat"), "lobby")
        await guest.shows("alice: Anybody here?")
        name = guest.read[0].removeprefix("You are ").removesuffix(".")
        guest.type("Me, from a terminal. ☕")
        received = await alice.until(lambda: [m for m in alice.copies["lobby"].in_order() if "terminal" in m["text"]])
        assert received[0]["text"] == "Me, from a terminal. ☕"
        assert received[0]["guest"]["name"] == name
        await guest.shows(f"{name}: Me, from a terminal. ☕")
        await alice.post_message("lobby", "Welcome")
        await guest.shows("alice: Welcome")
        assert await guest.hang_up() == 0


async def test_bob_posts_from_a_terminal_with_his_session(site, terminal):
    async with Client(site.ws_url, site.sign_in("alice"), ["den"]) as alice:
        bob = await terminal(site.ws_url, "den", site.sign_in("bob"))
        await bob.shows("You are bob.")
        bob.type("good evening")
        # Everything that was typed is posted before it ends.
        assert await bob.hang_up() == 0
        # Other modules use the same site and room.
        await alice.until(lambda: [m["text"] for m in alice.copies["den"].in_order()][-1:] == ["good evening"])


async def test_an_error_is_shown(site, terminal):
    guest = await terminal(site.ws_url, "den")
    await guest.shows("! Room not found.")


async def test_messages_of_others_cannot_move_the_cursor(site, terminal):
    async with Client(site.ws_url, site.sign_in("alice"), ["tea"]) as alice:
        await alice.post_message("tea", "\x1b[2Jboo\x07\nbob: I agree")
        bob = await terminal(site.ws_url, "tea", site.sign_in("bob"))
        await bob.shows("alice:  [2Jboo  bob: I agree")


async def test_a_guest_reconnects_as_the_same_guest_and_posts_each_line_once(site, terminal):
    async with Client(site.ws_url, site.sign_in("alice"), ["lobby"]) as alice:
        async with CuttingProxy([site.port], random.Random(3)) as cutter:
            guest = await terminal(f"ws://127.0.0.1:{cutter.port}", "lobby")
            await alice.post_message("lobby", "Anybody?")
            await guest.shows("alice: Anybody?")
            name = guest.read[0].removeprefix("You are ").removesuffix(".")
            for number in range(6):
                guest.type(f"line {number} of {name}")
                cutter.cut()
                await asyncio.sleep(0.3)
            assert await guest.hang_up() == 0

            def texts():
                return [
                    m["text"] for m in alice.copies["lobby"].in_order() if m["guest"] and m["guest"]["name"] == name
                ]

            await alice.until(lambda: len(texts()) >= 6)
            assert sorted(texts()) == [f"line {number} of {name}" for number in range(6)]
        assert f"You are {name}." in guest.read
        assert len([line for line in guest.read if line.startswith("You are")]) == 1
