"""What a page says about itself, in its HTML (Open Graph, Twitter cards, title) or as oEmbed. Without I/O."""

import json
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import quote, urljoin, urlsplit

MAX_TITLE_CHARS = 200
MAX_DESCRIPTION_CHARS = 300
MAX_SITE_CHARS = 80
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_CHARSET_BYTES = 4096
# Invisible formats, among them the marks that turn the direction of the text after them.
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}

TITLES = ("og:title", "twitter:title")
DESCRIPTIONS = ("og:description", "twitter:description", "description")
PICTURES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
SITES = ("og:site_name", "application-name")
_ICONS = ("icon", "shortcut icon", "apple-touch-icon")


@dataclass
class Page:
    """What is shown of a page. `picture` and `icon` are addresses; texts that are missing are empty."""

    title: str = ""
    description: str = ""
    site: str = ""
    picture: str = ""
    icon: str = ""


OEMBED = {
    "youtube.com": "https://www.youtube.com/oembed?format=json&url=",
    "youtu.be": "https://www.youtube.com/oembed?format=json&url=",
    "vimeo.com": "https://vimeo.com/api/oembed.json?url=",
    "soundcloud.com": "https://soundcloud.com/oembed?format=json&url=",
    "open.spotify.com": "https://open.spotify.com/oembed?url=",
    "flickr.com": "https://www.flickr.com/services/oembed?format=json&url=",
    "reddit.com": "https://www.reddit.com/oembed?url=",
    "twitter.com": "https://publish.twitter.com/oembed?url=",
    "x.com": "https://publish.twitter.com/oembed?url=",
}
"""Sites whose pages say little to programs, and where they describe them. Only these are asked."""


def oembed_address(url: str) -> str | None:
    """Where to ask for the description of a page as JSON; None if its site is not in OEMBED."""
    host = (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")
    endpoint = OEMBED.get(host)
    return endpoint + quote(url, safe="") if endpoint else None


def parse_oembed(body: bytes, base: str) -> Page | None:
    """The page that an answer in JSON describes (oEmbed 1.0, section 2.3); None if it is none, or has no title."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict):
        return None

    def text(name: str, limit: int) -> str:
        value = answer.get(name)
        return cleaned(value, limit) if isinstance(value, str) else ""

    title = text("title", MAX_TITLE_CHARS) or text("author_name", MAX_TITLE_CHARS)
    if not title:
        return None
    description = text("author_name", MAX_DESCRIPTION_CHARS)
    picture = answer.get("thumbnail_url")
    return Page(
        title,
        description if description != title else "",
        text("provider_name", MAX_SITE_CHARS),
        urljoin(base, picture) if isinstance(picture, str) else "",
    )


def parse_html(body: bytes, charset: str | None, base: str) -> Page | None:
    """The page in `body`, whose address is `base`; None if it has no title."""
    parser = _Parser()
    # html.parser raises AssertionError for some broken declarations. What it has read counts.
    with suppress(AssertionError, RecursionError):
        parser.feed(decoded(body, charset))
    title = cleaned(parser.first(TITLES) or parser.title, MAX_TITLE_CHARS)
    if not title:
        return None
    return Page(
        title,
        cleaned(parser.first(DESCRIPTIONS), MAX_DESCRIPTION_CHARS),
        cleaned(parser.first(SITES), MAX_SITE_CHARS),
        _absolute(base, parser.first(PICTURES)),
        _absolute(base, next((parser.icons[name] for name in _ICONS if name in parser.icons), "/favicon.ico")),
    )


def decoded(body: bytes, charset: str | None) -> str:
    """The text of a page. The header's character set counts first, then that of a `meta` element, then UTF-8."""
    named = _META_CHARSET.search(body[:_CHARSET_BYTES])
    for name in (charset, named and named[1].decode("ascii")):
        if name:
            try:
                return body.decode(name, "replace")
            except (LookupError, ValueError, TypeError):
                continue
    return body.decode("utf-8", "replace")


def cleaned(text: str, limit: int) -> str:
    """`text` in one line without invisible characters, at most `limit` characters."""
    visible = "".join(each if unicodedata.category(each) not in _DROPPED or each.isspace() else "" for each in text)
    line = " ".join(visible.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _absolute(base: str, address: str) -> str:
    if not address:
        return ""
    try:
        absolute = urljoin(base, address.strip())
    except ValueError:
        return ""
    return absolute if absolute.startswith(("http://", "https://")) else ""


class _Parser(HTMLParser):
    """Collects `meta`, `title` and icons. `title` is the first one outside SVG."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.meta: dict[str, str] = {}
        self.icons: dict[str, str] = {}
        self.title = ""
        self._in_title = False
        self._has_title = False

    def first(self, names: tuple[str, ...]) -> str:
        """The first value that is not empty."""
        return next((value for name in names if (value := self.meta.get(name, "")).strip()), "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in reversed(attrs)}
        if tag == "meta":
            name = (given.get("property") or given.get("name") or "").strip().lower()
            if name and len(self.meta) < 200:
                self.meta.setdefault(name, given.get("content", "")[:4000])
        elif tag == "link":
            name = " ".join(given.get("rel", "").lower().split())
            if name in _ICONS and given.get("href"):
                self.icons.setdefault(name, given["href"][:2000])
        elif tag == "title" and not self._has_title:
            self._in_title = self._has_title = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title and len(self.title) < 1000:
            self.title += data
