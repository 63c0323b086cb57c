"""The response to HEAD is that to GET without the body, at every path of the site (RFC 9110 §9.3.2)."""

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from .octets import request
from .raw import Raw

pytestmark = pytest.mark.core

ARGUMENTS: list[dict] = [
    *({}, {"slug": "lobby"}, {"slug": "lobby", "message": 1}),
    *({"attachment": 1, "name": "x"}, {"attachment": 1}),
    *({"token": "x"}, {"uidb64": "MQ", "token": "x-y"}, {"user_id": 1, "token": "x"}, {"message": 1, "token": "x"}),
    *({"draft": 1}, {"message": 1}, {"name": "x"}),
]
WITHOUT_GET = {"chat:upload"}
"""HEAD of an upload is a request of tus: it has headers of its own, and there is no GET."""
OTHER_PATHS = ["/healthz", "/readyz", "/metrics", "/chat/nothing", "/admin/", "/admin/chat/room/", "/rooms/nothing/"]
VARYING = {
    *("date", "expires", "set-cookie", "x-request-id"),
    *("content-length", "transfer-encoding", "content-security-policy"),
}


def paths() -> list[str]:
    """The path of each view of the site, and some unknown paths."""
    resolver = get_resolver("project.urls")
    names = {name for name in resolver.reverse_dict if isinstance(name, str)} | {
        f"chat:{name}" for name in get_resolver("chat.urls").reverse_dict if isinstance(name, str)
    }
    return [path_of(name) for name in sorted(names - WITHOUT_GET)] + OTHER_PATHS


def path_of(name: str) -> str:
    for arguments in ARGUMENTS:
        try:
            return reverse(name, "project.urls", kwargs=arguments)
        except NoReverseMatch:
            continue
    raise AssertionError(f"add the arguments of {name} to ARGUMENTS")


@pytest.mark.parametrize("person", ["alice", None])
@pytest.mark.parametrize("path", paths())
def test_head_has_the_headers_of_get(site, path, person):
    lines = [f"Cookie: {site.cookie(person)}"] if person else []
    with Raw(site.port) as raw, Raw(site.port) as other:
        head = raw.send(request(path, *lines).replace(b"GET", b"HEAD")).head()
        got = other.get(path, *lines)
        assert head.status == got.status
        assert {name: head.headers.get(name) for name in got.headers if name not in VARYING} == {
            name: value for name, value in got.headers.items() if name not in VARYING
        }
        if "content-length" in head.headers and "content-length" in got.headers:
            assert abs(int(head.headers["content-length"]) - int(got.headers["content-length"])) <= 200
        if head.headers.get("connection") != "close":
            # There is no body: the next response begins at once.
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
    """The path of a style sheet."""
    text = site.visitor().get("/accounts/login/").text
    return text.partition('rel="stylesheet" href="')[2].partition('"')[0]
