"""The HTTP client for links: what it refuses to connect to, and its bounds. Only `foreign` is allowed in addition."""

import gzip
import time
from contextlib import suppress
from time import monotonic

import pytest

from chat.previews import fetching
from chat.previews.fetching import MAX_BYTES, Fetcher, Unreachable

from .foreign_site import ADDRESS

PUBLIC = "93.184.215.14"


@pytest.fixture
def fetch(foreign):
    """Function that fetches an address, within `seconds`; `hosts` are the answers of the resolver."""

    def fetch(url, *, seconds=5.0, allowed=None, **options):
        allowed = foreign.allowed if allowed is None else allowed
        return Fetcher(monotonic() + seconds, allowed=allowed, **options).fetch(url, "text/html")

    return fetch


def test_a_page_is_fetched(fetch, foreign):
    url = foreign.serve_page()
    answer = fetch(url)
    assert (answer.url, answer.media_type, answer.charset, answer.is_complete) == (url, "text/html", "utf-8", True)
    assert b"The harbour" in answer.body


def test_a_request_has_no_cookies_and_says_what_it_is(fetch, foreign):
    foreign.answers["/"] = (302, {"Location": "/next", "Set-Cookie": "id=7"}, b"")
    foreign.serve_page("/next")
    fetch(foreign.url + "/")
    for _path, headers in foreign.asked:
        assert "Parley" in headers["User-Agent"]
        assert not {"Cookie", "Referer", "Authorization"} & headers.keys()


# --- What must not be reached


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "0.0.0.0", "127.0.0.1."),
        *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"),
        *("10.0.0.1", "192.168.0.1", "169.254.169.254", "[fd00:ec2::254]", "[fe80::1%25lo]", "100.100.100.200"),
        *("①②⑦.⓪.⓪.①", "localhost.", "LOCALHOST"),
    ],
)
def test_no_form_of_an_internal_host_is_connected_to(fetch, foreign, host):
    foreign.serve_page()
    with pytest.raises(Unreachable):
        fetch(f"http://{host}/", allowed=())
    with pytest.raises(Unreachable):
        # The port may be tried here, but not at this address.
        fetch(f"http://{host}:{foreign.port}/", allowed={("192.0.2.1", foreign.port)})
    assert foreign.asked == []


@pytest.mark.parametrize("port", [0, 22, 25, 81, 5432, 6379, 8080, 65536, "x"])
def test_only_the_ports_of_the_web_are_tried(fetch, port):
    def resolve(host, port):
        raise AssertionError("a name was resolved")

    with pytest.raises(Unreachable):
        fetch(f"http://example.com:{port}/", allowed=(), resolve=resolve)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "ftp://example.com/",
            "file:///etc/passwd",
            "gopher://example.com/",
            "javascript:1",
            "data:text/html,x",
            "//x/",
        ),
        *("http://", "http:///", "http://user@example.com/", "http://a:b@example.com/", "http://example.com/\r\nX: y"),
        *("http://exa mple.com/", "http://example.com/" + "x" * 2000, "", "http://[::1", "http://\u202eexample.com/"),
    ],
)
def test_only_plain_addresses_are_tried(fetch, url):
    def resolve(host, port):
        raise AssertionError("a name was resolved")

    with pytest.raises(Unreachable):
        fetch(url, allowed=(), resolve=resolve)


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["2606:4700::1", "::1"], ["::ffff:127.0.0.1"], ["64:ff9b::a00:1"], []],
)
def test_a_name_with_an_internal_address_is_not_connected_to(fetch, monkeypatch, addresses):
    monkeypatch.setattr(fetching.socket, "create_connection", lambda *_, **__: pytest.fail("it connected"))
    with pytest.raises(Unreachable):
        fetch("http://example.com/", allowed=(), resolve=lambda host, port: addresses)


def test_what_is_connected_to_is_the_address_that_was_checked(fetch, monkeypatch):
    """DNS rebinding: the second answer of the resolver is another one."""
    answers = [[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]]
    tried = []

    def connect(address, timeout):
        tried.append(address)
        raise OSError("not in a test")

    monkeypatch.setattr(fetching.socket, "create_connection", connect)
    with pytest.raises(Unreachable):
        fetch("http://example.com/", allowed=(), resolve=lambda host, port: answers.pop(0))
    assert tried == [(PUBLIC, 80)]
    assert len(answers) == 2


def test_the_address_at_the_other_end_is_checked_too(fetch, foreign, monkeypatch):
    """A translation on the way (NAT, a transparent proxy) must not lead inside."""
    real = fetching.socket.create_connection
    monkeypatch.setattr(
        fetching.socket, "create_connection", lambda _a, timeout: real((ADDRESS, foreign.port), timeout)
    )
    foreign.serve_page()
    with pytest.raises(Unreachable, match="not public"):
        fetch("http://example.com/", allowed=(), resolve=lambda host, port: [PUBLIC])
    assert foreign.asked == []


@pytest.mark.parametrize(
    "target",
    [
        *("http://127.0.0.1/", "http://localhost:80/", "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/"),
        *("http://[::1]/", "file:///etc/passwd", "ftp://example.com/", "http://2130706433/", "//127.0.0.1:22/", ""),
    ],
)
def test_a_redirect_leads_nowhere_that_a_link_may_not_lead(fetch, foreign, target):
    foreign.answers["/"] = (302, {"Location": target}, b"")
    with pytest.raises(Unreachable):
        fetch(foreign.url + "/")
    assert {path for path, _headers in foreign.asked} == {"/"}


def test_a_redirect_is_followed_to_the_address_that_it_names(fetch, foreign):
    foreign.answers["/"] = (301, {"Location": "/a/b?c=d#e"}, b"")
    foreign.serve_page("/a/b?c=d")
    assert fetch(foreign.url + "/").media_type == "text/html"


def test_redirects_have_an_end(fetch, foreign):
    foreign.answers["/"] = (302, {"Location": "/"}, b"")
    with pytest.raises(Unreachable, match="too many"):
        fetch(foreign.url + "/")
    assert len(foreign.asked) == fetching.MAX_REDIRECTS + 1


def test_the_proxy_of_the_environment_is_not_asked(fetch, foreign, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert fetch(foreign.serve_page()).media_type == "text/html"


# --- Bounds


def test_a_long_page_is_cut(fetch, foreign):
    foreign.serve_page(body=b"<title>x</title>" + b"a" * (3 * MAX_BYTES))
    answer = fetch(foreign.url + "/")
    assert (len(answer.body), answer.is_complete) == (MAX_BYTES, False)


def test_a_compressed_bomb_is_cut(fetch, foreign):
    body = gzip.compress(b"\0" * (50 * MAX_BYTES))
    foreign.answers["/"] = (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, body)
    answer = fetch(foreign.url + "/")
    assert (len(answer.body), answer.is_complete) == (MAX_BYTES, False)


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_site_that_sends_a_byte_now_and_then_is_given_up_in_time(fetch, foreign, part):
    def drip(handler):
        if part == "body":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(1000):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    foreign.answers["/"] = drip
    began = monotonic()
    # A body that is cut off is shown as far as it came.
    with pytest.raises(Unreachable) if part == "head" else suppress(Unreachable):
        fetch(foreign.url + "/", seconds=0.5)
    assert monotonic() - began < 30


@pytest.mark.parametrize(
    "answer", [b"", b"\x00\x01\x02", b"HTTP/9.9 nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000]
)
def test_an_answer_that_is_none_is_given_up(fetch, foreign, answer):
    foreign.answers["/"] = lambda handler: handler.wfile.write(answer)
    with pytest.raises(Unreachable):
        fetch(foreign.url + "/")


@pytest.mark.parametrize("status", [204, 400, 401, 403, 404, 418, 500, 503])
def test_only_an_answer_with_status_200_counts(fetch, foreign, status):
    foreign.answers["/"] = (status, {"Content-Type": "text/html"}, b"")
    with pytest.raises(Unreachable):
        fetch(foreign.url + "/")


def test_an_address_with_letters_of_any_script_is_asked_for_in_ascii(fetch, foreign):
    foreign.serve_page("/%E6%B8%AF?q=%C3%BC")
    assert fetch(foreign.url + "/港?q=ü").media_type == "text/html"
