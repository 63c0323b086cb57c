"""The migrations of `chat`, and one that only adds things, so that workers of the version before it can go on."""

from chat.tests.upgrade import PRESENT

__path__ = [*__path__, str(PRESENT)]
