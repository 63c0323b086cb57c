"""Debian's Chromium, and a fixture that opens pages in it as signed-in people.

Playwright's event loop occupies its thread, and tests with `async def` need that thread. So Playwright has the scope
`package`: it runs only while a pytest process runs browser tests. For the same reason browser tests are plain
functions, and use the database only through the site: `site.python(…)`.
"""

import contextlib
import gc
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Error, Locator, expect, sync_playwright

from .contexts import LIGHT_PATH, ContextPool

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages of one context share a process, also those of two sites.
    "--process-per-site",
    # /dev/shm of a container is 64 MB.
    "--disable-dev-shm-usage",
]
WITH_WINDOWS = ("chromium", "chromium-browser", "google-chrome")
NAMES = ("chromium-headless-shell", *WITH_WINDOWS)
DESK = {"viewport": {"width": 1100, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PATIENCE_MS = 90_000
HAS_FAILED = pytest.StashKey[bool]()
"""Whether the function of a test failed."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Note for the fixtures of a test that it failed."""
    report = yield
    if report.failed:
        item.stash[HAS_FAILED] = True
    return report


@pytest.fixture(scope="package")
def playwright():
    """Playwright, started for the browser tests and stopped after them."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright
    # Suspended greenlets end when they are garbage-collected. If that happens while CPython 3.11 parses a module, it
    # raises SystemError ("AST constructor recursion depth mismatch"). So collect them now.
    gc.collect()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args) -> dict:
    """Arguments that start the system's Chromium with an empty profile, if possible the one without windows."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    assert program, "Chromium is missing; `make test` installs it."
    return {**browser_type_launch_args, "executable_path": program, "args": FLAGS}


@pytest.fixture(scope="package")
def browser(playwright, browser_type_launch_args, browser_name):
    """The browser that all tests of this pytest process share. Each person has a context of their own in it."""
    browser = getattr(playwright, browser_name).launch(**browser_type_launch_args)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def browser_context_args() -> dict:
    """Options of each context. The language is English on every machine, because tests compare texts."""
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
    return site.add_room()


@pytest.fixture
def page_errors():
    """Errors of a test's pages: script errors, dialogs, and violations of the Content-Security-Policy."""
    return []


@pytest.fixture
def hand(request, monkeypatch) -> str:
    """What the people of a test use: a `mouse` on a desktop, or a finger (`touch`) on a phone.

    A test or module marked `@by_mouse_and_touch` runs with each. On a phone, `click` is a tap and `hover` does nothing.
    """
    hand = getattr(request, "param", "mouse")
    if hand == "touch":
        monkeypatch.setattr(Locator, "click", Locator.tap)
        monkeypatch.setattr(Locator, "hover", lambda *_args, **_options: None)
    return hand


@pytest.fixture(scope="package")
def context_pool(browser) -> ContextPool:
    """Contexts that the tests of this pytest process share."""
    return ContextPool(browser)


@pytest.fixture
def open_page(request, context_pool, new_context, browser_context_args, page_errors, hand):
    """Function that opens a page as a person, in a context of their own: `open_page(site, "alice", "/rooms/tea/")`.

    Without a name, the visitor is not signed in. `worker` is the number of the site's process to use, or `url` another
    address of the site. `before` is called with the page while it is still empty. Other options are those of a context
    (`viewport`, `color_scheme` …). Returns the Playwright page. The test fails if a page had an error.

    The context is one of those that tests share, unless it is `unshared`: a test with a clock needs that.
    """
    contexts = []
    is_traced = request.config.getoption("--tracing") != "off"

    def open_as(
        site,
        name: str | None = None,
        path: str = "/",
        *,
        worker: int = 0,
        before=None,
        url: str = "",
        unshared: bool = False,
        viewport: dict | None = None,
        color_scheme: str | None = None,
        **options,
    ):
        url = url or site.workers[worker].url
        options = {**(PHONE if hand == "touch" else DESK), **options}
        if viewport and "is_mobile" in options:
            options["viewport"] = viewport
        if is_traced or unshared:
            page = new_context(**options).new_page()
        else:
            page = context_pool.open_page(url, **browser_context_args, **options)
        context = page.context
        contexts.append(context)
        if name:
            context.add_cookies([{"name": "sessionid", "value": site.sign_in(name), "url": url}])
        context.set_default_timeout(PATIENCE_MS)
        if viewport:
            page.set_viewport_size(viewport)
        if color_scheme:
            page.emulate_media(color_scheme=color_scheme)
        page.on("pageerror", lambda error: page_errors.append(f"{name} at {page.url}: {error.stack or error}"))
        page.on("dialog", lambda dialog: _dismiss(dialog, page_errors))
        page.on("console", lambda entry: _note(entry, page_errors))
        if before:
            before(page)
        page.goto(url + path)
        return page

    yield open_as
    if request.node.stash.get(HAS_FAILED, False):
        pages = [page for context in contexts for page in context.pages]
        _save_screenshots(request, [page for page in pages if not page.url.endswith(LIGHT_PATH)])
    context_pool.release()
    assert not page_errors


def _save_screenshots(request, pages) -> None:
    folder = Path(request.config.getoption("--output")) / re.sub(r"[^\w-]+", "-", request.node.nodeid)[-150:]
    for number, page in enumerate(pages, 1):
        with contextlib.suppress(Error):
            page.screenshot(path=folder / f"{number}.png", timeout=5_000)


def _dismiss(dialog, page_errors: list[str]) -> None:
    # Our pages use no such dialogs: an injected script opened it.
    page_errors.append(f"a dialog: {dialog.message}")
    dialog.dismiss()


def _note(entry, page_errors: list[str]) -> None:
    # Other errors are expected: tests stop the server, and then the console shows failed requests.
    if "Content Security Policy" in entry.text:
        page_errors.append(entry.text)
