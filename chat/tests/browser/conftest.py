"""Debian's Chromium, and people who arrive in it signed in.

Playwright's event loop occupies its thread, and tests with `async def` need that thread. So here it lives only as long
as a worker is among browser tests, not for the whole run; what depends on it has that scope too. For the same reason
browser tests are plain functions, and talk to the database only through the site: `site.python(…)`.
"""

import gc
import itertools
import shutil

import pytest
from playwright.sync_api import Locator, expect, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # /dev/shm of a container is 64 MB.
    "--disable-dev-shm-usage",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
DESK = {"viewport": {"width": 1100, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PATIENCE_MS = 30_000
_numbers = itertools.count(1)


@pytest.fixture(scope="package")
def playwright():
    """Playwright, started for the browser tests and stopped after them."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright
    # Greenlets that were left suspended end when they are collected. In the middle of a parse that is a SystemError
    # ("AST constructor recursion depth mismatch", CPython 3.11): so now, not then.
    gc.collect()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args) -> dict:
    """Start the Chromium of the system; each start has an empty profile."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    assert program, "Chromium is missing; `make test` installs it."
    return {**browser_type_launch_args, "executable_path": program, "args": FLAGS}


@pytest.fixture(scope="package")
def browser(playwright, browser_type_launch_args, browser_name):
    """The browser that this pytest process's tests share; each person in it has a context of their own."""
    browser = getattr(playwright, browser_name).launch(**browser_type_launch_args)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def browser_context_args() -> dict:
    """What each context is made with. English, whatever the machine speaks: tests read the page."""
    return {"locale": "en-US"}


@pytest.fixture(scope="package")
def site(new_site):
    """A site that all browser tests of this pytest process share, each in a room of its own."""
    site = new_site(CHAT_POST_RATE=0, GUEST_RATE=0)
    try:
        yield site.start()
    finally:
        site.stop()


@pytest.fixture
def room(site) -> str:
    """The slug of a room of this test's own: Alice owns it, Bob is a member."""
    return site.add_room(f"room-{next(_numbers)}")


@pytest.fixture
def complaints():
    """What the pages of a test complained of: scripts that failed, rules of the Content-Security-Policy broken."""
    return []


@pytest.fixture
def hand(request, monkeypatch) -> str:
    """What the people of a test use: a `mouse` at a desk, or their finger (`touch`) on a phone.

    A test or module marked `@by_mouse_and_touch` runs with each. On a phone a `click` is a tap, and nothing hovers.
    """
    hand = getattr(request, "param", "mouse")
    if hand == "touch":
        monkeypatch.setattr(Locator, "click", Locator.tap)
        monkeypatch.setattr(Locator, "hover", lambda *_args, **_options: None)
    return hand


@pytest.fixture
def arrive(new_context, complaints, hand):
    """Function that opens a page as a person, in a browser of their own: `arrive(site, "alice", "/rooms/tea/")`.

    A name of None is a visitor who is not signed in. `worker` says which of the site's processes is asked, `url` an
    address by which it is reached instead; `before` is called with the page while it is still empty; options go to
    the context (`viewport`, `color_scheme` …). Returns the Playwright page. The test fails when a page complained.
    """

    def open_page(
        site, name: str | None = None, path: str = "/", *, worker: int = 0, before=None, url: str = "", **options
    ):
        context = new_context(**{**(PHONE if hand == "touch" else DESK), **options})
        url = url or site.workers[worker].url
        if name:
            context.add_cookies([{"name": "sessionid", "value": site.sign_in(name), "url": url}])
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{name} at {page.url}: {error.stack or error}"))
        page.on("dialog", lambda dialog: _refuse(dialog, complaints))
        page.on("console", lambda said: _listen(said, complaints))
        if before:
            before(page)
        page.goto(url + path)
        return page

    yield open_page
    assert not complaints


def _refuse(dialog, complaints: list[str]) -> None:
    # No page of ours asks like this: it is a script that somebody slipped in.
    complaints.append(f"a dialog: {dialog.message}")
    dialog.dismiss()


def _listen(said, complaints: list[str]) -> None:
    # A server that is away makes errors too, and tests take it away: those are the page's to tell, not the console's.
    if "Content Security Policy" in said.text:
        complaints.append(said.text)
