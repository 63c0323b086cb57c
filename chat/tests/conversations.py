"""Where the tests' talk comes from: real conversations beside the checkout, or made ones."""

from functools import cache

from django.conf import settings

from chat.management import conversation
from chat.management.conversation import Line
from chat.tests.services.environment import ROOT

FOLDER = ROOT.parent / "shared" / "data"
MADE_LINES = 2000


@cache
def spoken() -> list[Line]:
    """Lines of people talking: all files of `../shared/data`, one after the other; a made conversation without them."""
    files = sorted(FOLDER.glob("*.jsonl"))
    lines = [line for file in files for line in conversation.read(file, settings.CHAT_MAX_BODY)]
    return lines or conversation.generate(MADE_LINES)
