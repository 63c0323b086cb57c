"""Firefox, or the browsers that the variable PARLEY_BROWSERS names, and a fixture that opens pages in them."""

import os

import pytest

from .firefox import Firefox
from .webkit import WebKit

BROWSERS = {"firefox": Firefox, "webkit": WebKit}
WANTED = os.environ.get("PARLEY_BROWSERS", "firefox").split(",")


@pytest.fixture
def room(site) -> str:
    """The slug of a room of this test's own: Alice owns it, Bob is a member."""
    return site.add_room()


@pytest.fixture(scope="module", params=WANTED)
def other_browser(request, tmp_path_factory):
    """A running browser that the module's tests share."""
    browser = BROWSERS[request.param](tmp_path_factory.mktemp(request.param))
    try:
        yield browser.start()
    finally:
        browser.stop()


@pytest.fixture
def open_page(other_browser):
    """Function that opens a page as a person, in a browser of their own: `open_page(site, "alice", "/rooms/tea/")`.

    Without a name, the visitor is not signed in. `url` is another address of the site.
    """
    opened = []

    def open_as(site, name: str | None = None, path: str = "/", url: str = ""):
        tab = other_browser.open()
        opened.append(tab)
        url = url or site.url
        if name:
            tab.goto(f"{url}/accounts/login/")
            tab.set_cookie("sessionid", site.sign_in(name))
        tab.goto(url + path)
        return tab

    yield open_as
    for tab in opened:
        tab.close()
