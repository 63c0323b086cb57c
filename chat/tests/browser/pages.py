"""What people do on a room's page, and what it shows them."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from chat.tests.services import Site

ANYTHING = re.compile(".")
by_mouse_and_touch = pytest.mark.parametrize("hand", ["mouse", "touch"], indirect=True)
"""Run a test, or as `pytestmark` a module's tests, once on a desktop and once on a phone: see the fixture `hand`."""
READ_MESSAGES = """
    from chat.models import Message
    found = Message.objects.filter(room__slug=room).order_by("seq").prefetch_related("reactions__user")
    result = [
        {
            "id": message.pk,
            "seq": message.seq,
            "version": message.version,
            "who": message.author.handle if message.author else message.guest_name,
            "deleted": message.deleted_at is not None,
            "edited": message.edited_at is not None and message.deleted_at is None,
            "html": "" if message.deleted_at else message.html,
            "reactions": [[r.emoji, r.user.handle] for r in message.reactions.all()],
        }
        for message in found.select_related("author")
    ]
"""
SHOWN_MESSAGES = """
(below) => [...document.querySelectorAll(".log > article.message")]
    .filter((article) => !below || Number(article.dataset.seq) < below).map((article) => {
    const body = article.querySelector(".body").cloneNode(true);
    // What the page adds to the HTML of the server.
    for (const mention of body.querySelectorAll(".mention.me")) mention.classList.remove("me");
    for (const mention of body.querySelectorAll("[data-written]")) {
        mention.textContent = mention.dataset.written;
        mention.removeAttribute("data-written");
    }
    for (const block of body.querySelectorAll(".code-block")) block.replaceWith(block.querySelector("pre"));
    for (const frame of body.querySelectorAll(".table-frame")) frame.replaceWith(...frame.childNodes);
    for (const inner of body.querySelectorAll(".spoiler-text")) {
        inner.parentNode.classList.remove("open");
        inner.parentNode.removeAttribute("title");
        inner.replaceWith(...inner.childNodes);
    }
    for (const box of body.querySelectorAll(".task-box")) box.removeAttribute("data-action");
    for (const time of body.querySelectorAll("time")) time.textContent = time.title.match(/[(](.*)[)]$/)[1];
    for (const time of body.querySelectorAll("time")) for (const name of ["class", "title"]) time.removeAttribute(name);
    for (const room of body.querySelectorAll(".room-mention")) room.textContent = `#${room.dataset.room}`;
    for (const room of body.querySelectorAll(".room-mention")) room.removeAttribute("title");
    for (const box of body.querySelectorAll(".task-box")) box.removeAttribute("disabled");
    for (const name of body.querySelectorAll(".action-name")) name.nextSibling.remove();
    for (const name of body.querySelectorAll(".action-name")) name.remove();
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
# The same HTML can be written in several ways: let the browser normalise both sides of a comparison.
NORMALISE = """
(rows) => rows.map((row) => {
    const template = document.createElement("template");
    template.innerHTML = row.html;
    for (const room of template.content.querySelectorAll(".room-mention")) room.removeAttribute("target");
    for (const box of template.content.querySelectorAll(".task-box")) box.removeAttribute("disabled");
    return { ...row, html: template.innerHTML };
})
"""


def send(page: Page, *texts: str) -> None:
    """Type each text and press Enter, or the button on a touch screen, where Enter inserts a line break."""
    composer = page.locator("#composer")
    by_button = page.evaluate("matchMedia('(pointer: coarse)').matches")
    for text in texts:
        composer.fill(text)
        if by_button:
            page.locator(".compose .send").tap()
        else:
            composer.press("Enter")


def message(page: Page, text: str) -> Locator:
    """The message with this text in it."""
    return page.locator(".log > article.message").filter(has=page.locator(".body", has_text=text))


def bodies(page: Page) -> Locator:
    """The text of every message on the page, in order."""
    return page.locator(".log > article.message .body")


def wait_until_stored(page: Page, text: str) -> Locator:
    """Wait until the page shows the one message with this text as stored. Returns it."""
    found = message(page, text)
    expect(found).to_have_count(1)
    expect(found).to_have_attribute("data-id", ANYTHING)
    expect(found).not_to_contain_class("pending")
    return found


def wait_until_online(page: Page) -> None:
    """Wait until the page has its connection."""
    expect(page.locator("#status")).to_have_attribute("data-state", "online")


def is_touch_screen(page: Page) -> bool:
    """Whether the page is on a touch screen."""
    return page.evaluate("matchMedia('(pointer: coarse)').matches")


def go_to_list(page: Page) -> None:
    """On a phone, go to the page with the list of rooms; on a desktop the list is on every page."""
    if is_touch_screen(page):
        page.get_by_role("link", name="All rooms").tap()
        expect(page.locator("#rooms")).to_be_visible()


def tap_message(found: Locator) -> None:
    """Tap a message beside its links and buttons."""
    found.tap(position={"x": 6, "y": 6})


def choose_action(page: Page, text: str, action: str) -> None:
    """Choose what to do with a message: reply, edit or delete; with a mouse also `react`, which opens the picker."""
    found = message(page, text)
    if is_touch_screen(page):
        tap_message(found)
        page.locator(f'#action-sheet [data-action="{action}"]').tap()
        expect(page.locator("#action-sheet")).to_be_hidden()
    else:
        found.hover()
        expect(found.locator(".actions")).to_be_visible()
        button = found.locator(f'.actions [data-action="{action}"]')
        if button.count():
            button.click()
        else:
            found.locator(".actions [data-more]").click()
            page.locator(f'#message-menu [data-action="{action}"]').click()


def react(page: Page, text: str, emoji: str) -> None:
    """Choose an emoji for a message: from the picker, or from the sheet."""
    found = message(page, text)
    if is_touch_screen(page):
        tap_message(found)
        page.locator(f'#action-sheet [data-emoji="{emoji}"]').tap()
        expect(page.locator("#action-sheet")).to_be_hidden()
    else:
        choose_action(page, text, "react")
        page.locator(f'#emoji-picker [data-emoji="{emoji}"]').first.click()


def stored_messages(site: Site, room: str) -> list[dict]:
    """All messages of a room as the database has them, in order."""
    return site.python(READ_MESSAGES, room=room)


def shown_messages(page: Page, *, below: int | None = None) -> list[dict]:
    """All messages on the page, or those with a lower `seq`, in order, in the form of `stored_messages`."""
    return page.evaluate(SHOWN_MESSAGES, below)


def expect_all_messages(page: Page, site: Site, room: str) -> None:
    """Wait until the page shows the newest change of the room, then compare all messages with the database."""
    rows = page.evaluate(NORMALISE, stored_messages(site, room))
    for row in sorted(rows, key=lambda row: row["version"])[-3:]:
        expect(page.locator(f'article.message[data-id="{row["id"]}"]')).to_have_attribute(
            "data-version", str(row["version"])
        )
    expect(page.locator("article.message:is(.pending, .failed)")).to_have_count(0)
    assert shown_messages(page) == rows


def put_failed_message(page: Page, room: str) -> None:
    """Put the message "never sent" into the outbox, as one that the server refused, and wait until it is shown."""
    page.evaluate(
        """async (room) => {
            const { shell } = await import(document.querySelector("script[type=module][src]").src);
            const at = new Date().toISOString();
            const item = { client_id: crypto.randomUUID(), room, body: "never sent", reply_to: null, at };
            const items = JSON.stringify([{ ...item, state: "failed", reason: "Refused." }]);
            shell.tab.storage.setItem(shell.tab.outbox.key, items);
        }""",
        room,
    )
    page.reload()
    wait_until_online(page)
    expect(message(page, "never sent")).to_contain_text("Not sent: Refused.")


def load_all(page: Page) -> None:
    """Scroll up until the beginning of the room is there."""
    page.evaluate(
        """
        async () => {
            const timeline = document.getElementById("timeline");
            const more = document.querySelector(".loading-older");
            const changed = () => new Promise((resolve) => {
                const observer = new MutationObserver(() => { observer.disconnect(); resolve(); });
                observer.observe(document.querySelector(".log"), {
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
