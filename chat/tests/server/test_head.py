"""HEAD gets what GET gets, without the body, at every address of the site (RFC 9110 §9.3.2)."""

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from .octets import request
from .raw import Raw

ARGUMENTS = [{}, {"slug": "lobby"}, {"token": "x"}, {"uidb64": "MQ", "token": "x-y"}]
BESIDE = ["/healthz", "/readyz", "/metrics", "/chat/nothing", "/admin/", "/admin/chat/room/", "/rooms/nothing/"]
VARYING = {"date", "set-cookie", "x-request-id", "content-length", "transfer-encoding", "content-security-policy"}


def addresses() -> list[str]:
    """The address of each view of the site, and some that are none."""
    resolver = get_resolver("project.urls")
    names = {name for name in resolver.reverse_dict if isinstance(name, str)} | {
        f"chat:{name}" for name in get_resolver("chat.urls").reverse_dict if isinstance(name, str)
    }
    return [address_of(name) for name in sorted(names)] + BESIDE


def address_of(name: str) -> str:
    for arguments in ARGUMENTS:
        try:
            return reverse(name, "project.urls", kwargs=arguments)
        except NoReverseMatch:
            continue
    raise AssertionError(f"say in ARGUMENTS what {name} is called with")


@pytest.mark.parametrize("person", ["alice", None])
@pytest.mark.parametrize("address", addresses())
def test_head_answers_as_get_does(site, address, person):
    lines = [f"Cookie: {site.cookie(person)}"] if person else []
    with Raw(site.port) as raw, Raw(site.port) as other:
        head = raw.send(request(address, *lines).replace(b"GET", b"HEAD")).head()
        got = other.get(address, *lines)
        assert head.status == got.status
        assert {name: head.headers.get(name) for name in got.headers if name not in VARYING} == {
            name: value for name, value in got.headers.items() if name not in VARYING
        }
        if "content-length" in head.headers and "content-length" in got.headers:
            assert abs(int(head.headers["content-length"]) - int(got.headers["content-length"])) <= 200
        if head.headers.get("connection") != "close":
            # No body came: the next answer begins at once.
            assert raw.get("/healthz").raw.startswith(b"HTTP/1.1 200")


def test_head_of_a_static_file_has_its_length_and_no_body(site):
    with Raw(site.port) as raw:
        got = raw.get("/manifest.webmanifest")
        assert got.status == 200
    path = static_path(site)
    with Raw(site.port) as raw:
        head = raw.send(request(path).replace(b"GET", b"HEAD")).head()
        got = raw.get(path)
        assert (head.status, head.headers["content-length"]) == (200, got.headers["content-length"])


def static_path(site) -> str:
    """The address of a style sheet."""
    text = site.visitor().get("/accounts/login/").text
    return text.partition('rel="stylesheet" href="')[2].partition('"')[0]
