"""A real conversation, played into a room that three browsers have open."""

import pytest
from playwright.sync_api import expect

from chat.management import conversation
from chat.tests.services.environment import ROOT

from .pages import is_online, load_all, shows_all

FILE = ROOT.parent / "shared" / "data" / "ubuntu-irc-2008-04-27.jsonl"
LINES = 1939
# Two hours and a quarter in twenty seconds.
SPEED = 400
LONG_MS = 180_000
SAID = """
    from chat.models import Message
    said = Message.objects.filter(room__slug="lobby").order_by("seq")
    result = list(said.values_list("text", flat=True))
"""


@pytest.mark.timeout(600)
def test_three_browsers_show_the_same_conversation_as_the_database(fresh_site, arrive):
    lines = conversation.read(FILE, 8000) if FILE.exists() else conversation.generate(LINES)
    source = [str(FILE)] if FILE.exists() else ["--generate", str(LINES)]
    pages = [arrive(fresh_site, name, "/rooms/lobby/") for name in ("alice", "bob", None)]
    for page in pages:
        is_online(page)

    url = fresh_site.ws_url
    said = fresh_site.manage("replay", *source, "--room", "lobby", "--speed", str(SPEED), "--url", url).stdout
    assert f"{LINES} of {LINES} lines acknowledged" in said
    assert fresh_site.python(SAID) == [line.text.rstrip() for line in lines]

    # Whoever was here all the time, and whoever comes afterwards and scrolls up to the beginning.
    late = arrive(fresh_site, "charlie", "/rooms/lobby/")
    for page in [*pages, late]:
        newest = page.locator("article.message").last
        expect(newest).to_have_attribute("data-seq", str(LINES), timeout=LONG_MS)
        load_all(page)
        expect(page.locator("article.message")).to_have_count(LINES)
        shows_all(page, fresh_site, "lobby")
