"""Contexts of the browser that tests use one after the other: a page costs half as much when its modules are cached."""

from playwright.sync_api import Browser, BrowserContext, Page


class ContextPool:
    """Contexts of `browser` by their options, such as `has_touch` or `timezone_id`.

    Nothing but the caches of static files and of compiled scripts passes from one test to the next. Init scripts,
    routes and sizes of a page end with it. A test that gives them to the context, or installs a clock, must take a
    context of its own instead: there they cannot be removed.
    """

    def __init__(self, browser: Browser):
        self._browser = browser
        self._free: dict[str, list[BrowserContext]] = {}
        self._taken: list[tuple[str, BrowserContext]] = []
        self._origins: dict[BrowserContext, set[str]] = {}

    def open_page(self, origin: str, **options) -> Page:
        """An empty page for `origin` in a context with these options, without cookies and with empty stores."""
        key = repr(sorted(options.items()))
        free = self._free.setdefault(key, [])
        context = free.pop() if free else self._browser.new_context(**options)
        self._taken.append((key, context))
        page = context.new_page()
        self._clear(page)
        self._origins.setdefault(context, set()).add(origin)
        return page

    def release(self) -> None:
        """Close all pages. Contexts that a test closed are forgotten."""
        for key, context in self._taken:
            for page in context.pages:
                page.close()
            if context in self._browser.contexts:
                self._free[key].append(context)
        self._taken.clear()

    def _clear(self, page: Page) -> None:
        # Now, and not in `release`: a page may store something while it is closed.
        context = page.context
        if origins := self._origins.get(context):
            context.clear_cookies()
            context.clear_permissions()
            context.set_offline(False)
            session = context.new_cdp_session(page)
            for origin in origins:
                session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
            session.detach()
