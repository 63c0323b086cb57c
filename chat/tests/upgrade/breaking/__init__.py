"""The chat's migrations, and one under which the version before it cannot go on."""

from chat.tests.upgrade import PRESENT

__path__ = [*__path__, str(PRESENT)]
