"""The chat's migrations, and one that adds things: what serves already need not know of them."""

from chat.tests.upgrade import PRESENT

__path__ = [*__path__, str(PRESENT)]
