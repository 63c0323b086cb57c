"""Runs the programs of examples/, and ends them after each test."""

import contextlib

import pytest

from .terminal import Terminal


@pytest.fixture
async def run():
    """Function that runs an example: its file name, then its arguments."""
    async with contextlib.AsyncExitStack() as stack:

        async def run(name: str, *arguments: str) -> Terminal:
            terminal = await Terminal.start(name, *arguments)
            stack.push_async_callback(terminal.kill)
            return terminal

        yield run
