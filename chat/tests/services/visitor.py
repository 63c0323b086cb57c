"""A client for pages and forms over HTTP that keeps cookies, like a browser without JavaScript."""

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from email.message import Message
from http.cookiejar import CookieJar

TIMEOUT_S = 90


@dataclass
class Answer:
    """A response: `url` is where redirects led."""

    status: int
    headers: Message
    body: bytes
    url: str

    @property
    def text(self) -> str:
        """The body, as text."""
        return self.body.decode()

    def json(self):
        """The body, parsed."""
        return json.loads(self.body)


class Visitor:
    """Requests to the site at `url`, with cookies. An error status is returned, not raised."""

    def __init__(self, url: str, *, follow: bool = True):
        self.url = url
        self.jar = CookieJar()
        handlers = [urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.jar)]
        if not follow:
            handlers.append(_NoRedirects())
        self._opener = urllib.request.build_opener(*handlers)

    def get(self, path: str, **headers: str) -> Answer:
        """Fetch a page. An underscore in the name of a header becomes a hyphen."""
        return self._ask(path, None, headers)

    def post(self, path: str, data: dict | None = None, **headers: str) -> Answer:
        """Send a form with the CSRF token. Without a CSRF cookie, the page of the form is fetched first."""
        if "csrftoken" not in self.cookies:
            self.get(path)
        fields = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **(data or {})}
        return self._ask(path, urllib.parse.urlencode(fields, doseq=True).encode(), headers)

    @property
    def cookies(self) -> dict[str, str]:
        """Values of the cookies by name."""
        return {cookie.name: cookie.value for cookie in self.jar}

    def _ask(self, path: str, data: bytes | None, headers: dict[str, str]) -> Answer:
        request = urllib.request.Request(urllib.parse.urljoin(self.url, path), data)
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            response = self._opener.open(request, timeout=TIMEOUT_S)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return Answer(response.status, response.headers, response.read(), response.url)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        """Return the redirect itself."""
        return
