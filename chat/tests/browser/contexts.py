"""Contexts of the browser that tests use one after the other: a page costs half as much when its modules are cached."""

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

OPEN_A_PAGE = "() => { open('about:blank').opener = null; }"
LIGHT_PATH = "/chat"
"""What the address of the socket answers to a page is a line of text."""


class ContextPool:
    """Contexts of `browser` by their options, such as `has_touch` or `timezone_id`.

    Nothing but the caches of static files and of compiled scripts passes from one test to the next. Init scripts,
    routes and sizes of a page end with it. A test that gives them to the context, or installs a clock, must take a
    context of its own instead: there they cannot be removed.
    """

    def __init__(self, browser: Browser):
        self._browser = browser
        self._free: dict[str, list[_SharedContext]] = {}
        self._taken: list[tuple[str, _SharedContext]] = []

    def open_page(self, origin: str, **options) -> Page:
        """An empty page for `origin` in a context with these options, without cookies and with empty stores."""
        key = repr(sorted(options.items()))
        free = self._free.setdefault(key, [])
        shared = free.pop() if free else _SharedContext(self._browser.new_context(**options), origin)
        self._taken.append((key, shared))
        return shared.open_page(origin)

    def release(self) -> None:
        """Close all pages. Contexts that a test closed are forgotten."""
        for key, shared in self._taken:
            shared.close_pages()
            if shared.context in self._browser.contexts:
                self._free[key].append(shared)
        self._taken.clear()


class _SharedContext:
    """A context, and a page that stays open in it.

    The other pages are opened by that one, so they run in its process. Otherwise Chromium starts two for each: one for
    the empty page, and one for the page of the site.
    """

    def __init__(self, context: BrowserContext, origin: str):
        self.context = context
        self._first = context.new_page()
        self._first.goto(origin + LIGHT_PATH)
        self._devtools: CDPSession = context.new_cdp_session(self._first)
        self._origins: set[str] = set()

    def open_page(self, origin: str) -> Page:
        # Now, and not in `close_pages`: a page may store something while it is closed.
        if self._origins:
            self._clear()
        self._origins.add(origin)
        with self._first.expect_popup() as opened:
            self._first.evaluate(OPEN_A_PAGE)
        return opened.value

    def close_pages(self) -> None:
        for page in self.context.pages:
            if page is not self._first:
                page.close()

    def _clear(self) -> None:
        self.context.clear_cookies()
        self.context.clear_permissions()
        self.context.set_offline(False)
        for origin in self._origins:
            self._devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
