"""Makes the preview of one link: asks the site, reads the answer, fetches picture and icon."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from time import monotonic
from typing import Any
from urllib.parse import unquote, urlsplit

from . import parsing, pictures
from .fetching import Fetched, Fetcher, Unreachable
from .parsing import Page

TIMEOUT_S = 5
"""For a page with all its redirects; for its picture and icon together as much again."""
HTML = "text/html,application/xhtml+xml;q=0.9,image/*;q=0.8"
HTML_TYPES = ("text/html", "application/xhtml+xml")
IMAGE = "image/webp,image/png,image/jpeg,image/gif,*/*;q=0.1"


@dataclass
class Found:
    """A preview. `picture` and `icon` are WebP."""

    page: Page
    picture: pictures.Picture | None = None
    icon: pictures.Picture | None = None

    def as_json(self) -> dict[str, Any]:
        """A dictionary of JSON values."""
        return {
            "title": self.page.title,
            "description": self.page.description,
            "site": self.page.site,
            "picture": _as_json(self.picture),
            "icon": _as_json(self.icon),
        }


def look_up(url: str, new_fetcher: Callable[[float], Fetcher]) -> Found | None:
    """The preview of a link; None if there is nothing to show. `new_fetcher` makes one of a deadline."""
    fetcher = new_fetcher(monotonic() + TIMEOUT_S)
    page = _by_oembed(url, fetcher)
    if page is None:
        try:
            answer = fetcher.fetch(url, HTML)
        except Unreachable:
            return None
        if answer.media_type.startswith("image/"):
            return _of_picture(answer)
        page = parsing.parse_html(answer.body, answer.charset, answer.url) if answer.media_type in HTML_TYPES else None
    if page is None:
        return None
    page.site = page.site or _host(url)
    more = new_fetcher(monotonic() + TIMEOUT_S)
    return Found(
        page, _picture(page.picture, more, pictures.encode_picture), _picture(page.icon, more, pictures.encode_icon)
    )


def _by_oembed(url: str, fetcher: Fetcher) -> Page | None:
    address = parsing.oembed_address(url)
    if address is None:
        return None
    try:
        answer = fetcher.fetch(address, "application/json")
    except Unreachable:
        return None
    return parsing.parse_oembed(answer.body, answer.url)


def _of_picture(answer: Fetched) -> Found | None:
    """A link that leads to a picture."""
    picture = pictures.encode_picture(answer.body) if answer.is_complete else None
    name = unquote(PurePosixPath(urlsplit(answer.url).path).name)
    title = parsing.cleaned(name, parsing.MAX_TITLE_CHARS)
    return Found(Page(title, site=_host(answer.url)), picture) if picture and title else None


def _picture(url: str, fetcher: Fetcher, encode: Callable[[bytes], pictures.Picture | None]) -> pictures.Picture | None:
    if not url:
        return None
    try:
        answer = fetcher.fetch(url, IMAGE)
    except Unreachable:
        return None
    return encode(answer.body) if answer.is_complete else None


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _as_json(picture: pictures.Picture | None) -> dict[str, Any] | None:
    if picture is None:
        return None
    return {"content": b64encode(picture.content).decode(), "width": picture.width, "height": picture.height}
