"""The table that maps commands to verbs."""

import inspect

from chat.live.execution import EXECUTORS
from chat.protocol.commands import COMMANDS


def test_every_command_has_an_executor():
    assert EXECUTORS.keys() == set(COMMANDS.values()), "A command class needs a line in EXECUTORS, and the reverse."


def test_every_executor_is_a_coroutine_function():
    assert all(inspect.iscoroutinefunction(executor) for executor in EXECUTORS.values())
