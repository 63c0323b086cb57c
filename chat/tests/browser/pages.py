"""What people do at a room's page, and what they see there."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from chat.tests.services import Site

ANYTHING = re.compile(".")
by_mouse_and_touch = pytest.mark.parametrize("hand", ["mouse", "touch"], indirect=True)
"""Run a test, or as `pytestmark` a module's tests, once at a desk and once on a phone: see the fixture `hand`."""
STORED = """
    from chat.models import Message
    found = Message.objects.filter(room__slug=room).order_by("seq").prefetch_related("reactions__user")
    result = [
        {
            "id": message.pk,
            "seq": message.seq,
            "version": message.version,
            "who": message.author.username if message.author else message.guest_name,
            "deleted": message.deleted_at is not None,
            "edited": message.edited_at is not None and message.deleted_at is None,
            "html": "" if message.deleted_at else message.html,
            "reactions": [[r.emoji, r.user.username] for r in message.reactions.all()],
        }
        for message in found.select_related("author")
    ]
"""
SEEN = """
() => [...document.querySelectorAll("#log > article.message")].map((article) => {
    const body = article.querySelector(".body").cloneNode(true);
    // What the page adds to the HTML of the server.
    for (const mention of body.querySelectorAll(".mention.me")) mention.classList.remove("me");
    const edited = body.querySelector(".edited");
    if (edited?.previousSibling?.data === " ") edited.previousSibling.remove();
    edited?.remove();
    for (const name of ["tabindex", "role", "aria-label", "dir"]) {
        for (const one of body.querySelectorAll(`[${name}]`)) one.removeAttribute(name);
    }
    const deleted = article.classList.contains("deleted");
    return {
        id: Number(article.dataset.id),
        seq: Number(article.dataset.seq),
        version: Number(article.dataset.version),
        who: article.querySelector(".author").textContent,
        deleted,
        edited: Boolean(article.querySelector(".edited")),
        html: deleted ? "" : body.innerHTML,
        reactions: [...article.querySelectorAll(".reaction")].flatMap((button) =>
            button.title.split(": ")[1].split(", ").map((name) => [button.dataset.emoji, name])),
    };
})
"""
# The same HTML can be written in several ways: compare what a browser makes of it.
AS_SEEN = """
(rows) => rows.map((row) => {
    const template = document.createElement("template");
    template.innerHTML = row.html;
    return { ...row, html: template.innerHTML };
})
"""


def say(page: Page, *texts: str) -> None:
    """Type each text and press Enter; on a touch screen, where Enter makes a line, the button."""
    composer = page.locator("#composer")
    by_button = page.evaluate("matchMedia('(pointer: coarse)').matches")
    for text in texts:
        composer.fill(text)
        if by_button:
            page.locator("#compose .send").tap()
        else:
            composer.press("Enter")


def message(page: Page, text: str) -> Locator:
    """The message with this text in it."""
    return page.locator("#log > article.message").filter(has=page.locator(".body", has_text=text))


def bodies(page: Page) -> Locator:
    """The text of every message on the page, in order."""
    return page.locator("#log > article.message .body")


def is_stored(page: Page, text: str) -> Locator:
    """Wait until the one message with this text is solid: neither pending nor failed. Returns it."""
    found = message(page, text)
    expect(found).to_have_count(1)
    expect(found).to_have_attribute("data-id", ANYTHING)
    expect(found).not_to_contain_class("pending")
    return found


def is_online(page: Page) -> None:
    """Wait until the page has its connection."""
    expect(page.locator("#status")).to_have_attribute("data-state", "online")


def is_touched(page: Page) -> bool:
    """Whether the page is used by finger."""
    return page.evaluate("matchMedia('(pointer: coarse)').matches")


def to_list(page: Page) -> None:
    """Go where the list of rooms is: on a phone that is a page of its own."""
    if is_touched(page):
        page.get_by_role("link", name="All rooms").tap()
        expect(page.locator("#rooms")).to_be_visible()


def tap_on(found: Locator) -> None:
    """Touch a message beside its links and buttons."""
    found.tap(position={"x": 6, "y": 6})


def do(page: Page, text: str, action: str) -> None:
    """Choose what to do with a message: reply, edit or delete; with a mouse also `react`, which opens the palette."""
    found = message(page, text)
    if is_touched(page):
        tap_on(found)
        page.locator(f'#action-sheet [data-action="{action}"]').tap()
        expect(page.locator("#action-sheet")).to_be_hidden()
    else:
        found.hover()
        found.locator(f'.actions [data-action="{action}"]').click()


def react(page: Page, text: str, emoji: str) -> None:
    """Choose an emoji for a message: from the toolbar's palette, or from the sheet."""
    found = message(page, text)
    if is_touched(page):
        tap_on(found)
        page.locator(f'#action-sheet [data-emoji="{emoji}"]').tap()
        expect(page.locator("#action-sheet")).to_be_hidden()
    else:
        do(page, text, "react")
        found.locator(f'.palette [data-emoji="{emoji}"]').click()


def stored(site: Site, room: str) -> list[dict]:
    """All messages of a room as the database has them, in order."""
    return site.python(STORED, room=room)


def seen(page: Page) -> list[dict]:
    """All messages on the page, in order, in the shape of `stored`."""
    return page.evaluate(SEEN)


def shows_all(page: Page, site: Site, room: str) -> None:
    """Wait until the page shows the newest change of the room, then compare all it shows with the database."""
    rows = page.evaluate(AS_SEEN, stored(site, room))
    for row in sorted(rows, key=lambda row: row["version"])[-3:]:
        expect(page.locator(f'article.message[data-id="{row["id"]}"]')).to_have_attribute(
            "data-version", str(row["version"])
        )
    expect(page.locator("article.message:is(.pending, .failed)")).to_have_count(0)
    assert seen(page) == rows


def load_all(page: Page) -> None:
    """Scroll up until the beginning of the room is there."""
    page.evaluate(
        """
        async () => {
            const timeline = document.getElementById("timeline");
            const more = document.getElementById("older");
            const changed = () => new Promise((resolve) => {
                const observer = new MutationObserver(() => { observer.disconnect(); resolve(); });
                observer.observe(document.getElementById("log"), {
                    childList: true, subtree: true, attributes: true, attributeFilter: ["hidden"],
                });
            });
            while (!more.hidden) {
                const arrived = changed();
                timeline.scrollTop = 0;
                await arrived;
            }
        }
        """
    )
