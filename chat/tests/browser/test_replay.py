"""A real conversation is replayed into a room that three browsers show."""

import pytest
from playwright.sync_api import expect

from chat.management import conversation
from chat.tests.services.environment import ROOT

from .pages import NORMALISE, shown_messages, stored_messages, wait_until_online

FILE = ROOT.parent / "shared" / "data" / "ubuntu-irc-2008-04-27.jsonl"
LINES = 1939
# 2¼ hours in 20 seconds.
SPEED = 400
LONG_MS = 180_000
TEXTS = """
    from chat.models import Message
    messages = Message.objects.filter(room__slug="lobby").order_by("seq")
    result = list(messages.values_list("text", flat=True))
"""


@pytest.mark.takes_long
@pytest.mark.timeout(600)
def test_three_browsers_show_the_same_conversation_as_the_database(fresh_site, open_page):
    lines = conversation.read(FILE, 8000) if FILE.exists() else conversation.generate(LINES)
    source = [str(FILE)] if FILE.exists() else ["--generate", str(LINES)]
    pages = [open_page(fresh_site, name, "/rooms/lobby/") for name in ("alice", "bob", None)]
    for page in pages:
        wait_until_online(page)

    url = fresh_site.ws_url
    output = fresh_site.manage("replay", *source, "--room", "lobby", "--speed", str(SPEED), "--url", url).stdout
    assert f"{LINES} of {LINES} lines acknowledged" in output
    assert fresh_site.python(TEXTS) == [line.text.rstrip() for line in lines]

    # Pages that were open all the time, and one that is opened afterwards and scrolls up to the beginning.
    late = open_page(fresh_site, "charlie", "/rooms/lobby/")
    for page in [*pages, late]:
        newest = page.locator("article.message").last
        expect(newest).to_have_attribute("data-seq", str(LINES), timeout=LONG_MS)
        expect(page.locator("article.message.pending")).to_have_count(0)
        assert read_upwards(page) == page.evaluate(NORMALISE, stored_messages(fresh_site, "lobby"))


def read_upwards(page) -> list[dict]:
    """All messages that the page shows while it is scrolled up to the beginning. It holds some hundred at a time."""
    seen: list[dict] = []
    first = page.locator("article.message").first
    while True:
        seen = shown_messages(page, below=seen[0]["seq"] if seen else None) + seen
        top = first.get_attribute("data-seq")
        if top == "1":
            return seen
        page.locator("#timeline").evaluate("(timeline) => timeline.scrollTop = 0")
        expect(first).not_to_have_attribute("data-seq", top)
