"""The migrations of `chat`, and one that breaks workers of the version before it."""

from chat.tests.upgrade import PRESENT

__path__ = [*__path__, str(PRESENT)]
