"""Pages and sockets accept the same hosts and origins. A refusal shows its cause and is logged once."""

import json

import pytest

from chat.tests.services.environment import ROOT

from .octets import handshake
from .raw import Raw, status_of

pytestmark = pytest.mark.core

NAME = "chat.example.com"
SHARED = ROOT.parent / "shared" / "cases" / "faults" / "origins.json"
OWN = [
    (NAME, f"https://{NAME}"),
    (f"{NAME}:443", f"https://{NAME}"),
    (NAME, f"https://{NAME}:443"),
    ("CHAT.example.com", f"https://{NAME}"),
    (NAME, "https://CHAT.Example.com"),
    (f"{NAME}.", f"https://{NAME}"),
    (NAME, f"https://{NAME}."),
    (f"{NAME}:8443", f"https://{NAME}:8443"),
    ("[2001:db8::1]", "https://[2001:db8::1]"),
    (NAME, "https://a.friend.example"),
]
FOREIGN = [
    (NAME, "https://chat.example.com.evil.example"),
    (NAME, f"https://{NAME}:8443"),
    (f"{NAME}:8443", f"https://{NAME}"),
    (NAME, "https://evil.example"),
    (NAME, "https://friend.example"),
    (NAME, "https://friend.example.evil.example"),
    (NAME, "http://a.friend.example"),
    (NAME, f"https://{NAME}/"),
    (NAME, f"https://{NAME}@evil.example"),
    (NAME, f"ftp://{NAME}"),
    (NAME, "null"),
    (NAME, ""),
]
UNKNOWN_HOSTS = ["evil.example", f"{NAME}.evil.example", f"a.{NAME}", ""]
FRIENDS = "https://*.friend.example"
TOKEN = "a" * 32
BODY = f"csrfmiddlewaretoken={TOKEN}".encode()
SECURE = "X-Forwarded-Proto: https"


def shared_cases(key: str) -> list[tuple[str, str]]:
    """Test cases that are shared with other projects; none if their folder is missing."""
    return [tuple(case) for case in json.loads(SHARED.read_text())[key]] if SHARED.exists() else []


@pytest.fixture(scope="module")
def site(new_site):
    site = new_site(
        ALLOWED_HOSTS=f"{NAME},127.0.0.1,[2001:db8::1]",
        TRUSTED_PROXIES="127.0.0.1",
        ALLOWED_ORIGINS=FRIENDS,
        CSRF_TRUSTED_ORIGINS=FRIENDS,
    )
    yield site.start()
    site.stop()


def form(host: str, *lines: str) -> bytes:
    """The form that signs out, with its token."""
    head = ["POST /accounts/logout/ HTTP/1.1", f"Host: {host}", f"Cookie: csrftoken={TOKEN}", *lines]
    head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(BODY)}"]
    return "\r\n".join([*head, "", ""]).encode("latin1") + BODY


def answers(site, host: str, *lines: str) -> tuple[int, int]:
    """The statuses for a form and for a socket."""
    return status_of(site.port, form(host, *lines)), status_of(site.port, handshake("/chat", f"Host: {host}", *lines))


@pytest.mark.parametrize("proxy", [[SECURE], []], ids=["by TLS", "scheme not known"])
@pytest.mark.parametrize(("host", "origin"), [*OWN, *shared_cases("same_origin")])
def test_pages_of_the_site_may_send_forms_and_open_sockets(site, host, origin, proxy):
    assert answers(site, host, f"Origin: {origin}", *proxy) == (302, 101)


@pytest.mark.parametrize("proxy", [[SECURE], []], ids=["by TLS", "scheme not known"])
@pytest.mark.parametrize(("host", "origin"), [*FOREIGN, *shared_cases("foreign")])
def test_pages_of_other_sites_may_do_neither(site, host, origin, proxy):
    assert answers(site, host, f"Origin: {origin}", *proxy) == (403, 403)


def test_a_page_without_tls_may_do_neither_at_a_site_with_tls(site):
    assert answers(site, NAME, f"Origin: http://{NAME}", SECURE) == (403, 403)
    assert answers(site, NAME, f"Origin: http://{NAME}") == (302, 101)


@pytest.mark.parametrize("host", UNKNOWN_HOSTS)
def test_both_refuse_an_unknown_host(site, host):
    assert answers(site, host) == (400, 403)


def test_a_form_by_tls_without_an_origin_is_checked_by_its_referer(site):
    def status(*lines: str) -> int:
        return status_of(site.port, form(NAME, SECURE, *lines))

    assert status(f"Referer: https://{NAME.upper()}:443/rooms/lobby/?a=b") == 302
    assert status("Referer: https://a.friend.example") == 302
    assert status() == 403
    assert status("Referer: https://evil.example/https://chat.example.com") == 403
    assert status(f"Referer: http://{NAME}/") == 403


def test_the_token_is_still_required(site):
    wrong = form(NAME, f"Origin: https://{NAME}").replace(BODY, b"csrfmiddlewaretoken=" + b"b" * 32)
    assert status_of(site.port, wrong) == 403
    without = form(NAME, f"Origin: https://{NAME}").replace(b"Cookie: ", b"X-No: ")
    assert status_of(site.port, without) == 403


@pytest.mark.parametrize(
    ("lines", "cause"),
    [
        (["Origin: https://evil.example"], "A page of https://evil.example sent this form"),
        (["Origin: <b>x"], "A page of &lt;b&gt;x sent this form"),
        (["Origin: null"], "hides which page sent this form"),
        ([SECURE], "neither an Origin nor a Referer header"),
    ],
)
def test_the_page_names_the_cause(site, lines, cause):
    with Raw(site.port) as raw:
        assert cause in page(raw.send(form(NAME, *lines)))


def test_the_page_names_a_missing_cookie_or_a_wrong_token(site):
    with Raw(site.port) as raw:
        without = form(NAME, f"Origin: https://{NAME}").replace(b"Cookie: ", b"X-No: ")
        assert "without the cookie of this site" in page(raw.send(without))
    with Raw(site.port) as raw:
        wrong = form(NAME, f"Origin: https://{NAME}").replace(BODY, b"csrfmiddlewaretoken=" + b"b" * 32)
        assert "The security token of this form is no longer valid" in page(raw.send(wrong))


def test_the_page_for_an_unknown_host_shows_the_host(site):
    with Raw(site.port) as raw:
        body = page(raw.send(form("evil.example:8080")))
    assert "not configured for the host name “evil.example”" in body
    assert "ALLOWED_HOSTS" in body
    style = body.partition('rel="stylesheet" href="')[2].partition('"')[0]
    ask = f"GET {style} HTTP/1.1\r\nHost: evil.example\r\n\r\n"
    assert status_of(site.port, ask.encode()) == 200


def page(raw: Raw) -> str:
    """The body of a response."""
    head = raw.head()
    return raw.read(int(head.headers["content-length"])).decode()


def test_repeated_refusals_are_logged_once_and_different_ones_have_a_limit(make_site):
    site = make_site(ALLOWED_HOSTS=f"{NAME},127.0.0.1")
    for _ in range(3):
        answers(site, "one.example")
        answers(site, NAME, "Origin: https://evil.example")
    for number in range(200):
        status_of(site.port, form(f"host-{number}.example"))
    refused = [line for line in site.log.splitlines() if "efused" in line or "Forbidden" in line or "Bad R" in line]
    assert sum("Host 'one.example' is not in ALLOWED_HOSTS" in line for line in refused) == 2  # A page and a socket.
    assert sum("is not in CSRF_TRUSTED_ORIGINS" in line for line in refused) == 1
    assert sum("is not in ALLOWED_ORIGINS" in line for line in refused) == 1
    assert all("WARNING parley.refused: " in line for line in refused)
    assert len(refused) <= 20
