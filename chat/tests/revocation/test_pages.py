"""After Bob has lost a room, no page shows him anything of it, or changes anything in it. One row for each URL."""

import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from django.urls import URLPattern, get_resolver

from chat.doctor.results import ok
from chat.tests.revocation.world import ON_PAGES, SECRET, SLUG, build, losses

pytestmark = pytest.mark.django_db
SHUT, OPEN = "shut", "open"
"""Whether the page is about the room alone, and so refuses whoever may not see it; or also about other things."""
TABLE = {
    "": (OPEN, lambda world: "/"),
    "rooms/": (OPEN, lambda world: "/rooms/"),
    "chat": (OPEN, lambda world: "/chat"),
    "unread/": (OPEN, lambda world: "/unread/"),
    "mentions/": (OPEN, lambda world: "/mentions/"),
    "threads/": (OPEN, lambda world: "/threads/"),
    "drafts/": (OPEN, lambda world: "/drafts/"),
    "drafts/<int:draft>/": (OPEN, lambda world: f"/drafts/{world.draft}/"),
    "scheduled/": (OPEN, lambda world: "/scheduled/"),
    "scheduled/<int:message>/": (OPEN, lambda world: f"/scheduled/{world.scheduled}/"),
    "saved/": (OPEN, lambda world: "/saved/"),
    "search/": (OPEN, lambda world: "/search/"),
    "search/results/": (OPEN, lambda world: f"/search/results/?q={SECRET}"),
    "emoji/": (OPEN, lambda world: "/emoji/"),
    "emoji/<str:name>.webp": (OPEN, lambda world: "/emoji/teapot.webp"),
    "read/": (OPEN, lambda world: "/read/"),
    "rooms/<slug:slug>/": (SHUT, lambda world: f"/rooms/{SLUG}/"),
    "rooms/<slug:slug>/<int:message>/": (SHUT, lambda world: f"/rooms/{SLUG}/{world.message}/"),
    "rooms/<slug:slug>/files/": (SHUT, lambda world: f"/rooms/{SLUG}/files/"),
    "rooms/<slug:slug>/files/<int:upload>/": (SHUT, lambda world: f"/rooms/{SLUG}/files/{world.upload}/"),
    "rooms/<slug:slug>/join/": (SHUT, lambda world: f"/rooms/{SLUG}/join/"),
    "rooms/<slug:slug>/leave/": (SHUT, lambda world: f"/rooms/{SLUG}/leave/"),
    "files/<int:attachment>/thumb-360.webp": (SHUT, lambda world: f"/files/{world.photo.pk}/thumb-360.webp"),
    "files/<int:attachment>/thumb-1080.webp": (SHUT, lambda world: f"/files/{world.photo.pk}/thumb-1080.webp"),
    "files/<int:attachment>/excerpt.json": (SHUT, lambda world: f"/files/{world.text.pk}/excerpt.json"),
    "files/<int:attachment>/<str:name>": (SHUT, lambda world: f"/files/{world.text.pk}/a.txt"),
    "wire/": (OPEN, lambda world: "/wire/"),
    "wire/accept/": (OPEN, lambda world: "/wire/accept/"),
    "wire/checks/": (OPEN, lambda world: "/wire/checks/"),
    "profile/": (OPEN, lambda world: "/profile/"),
    "profile/picture/": (OPEN, lambda world: "/profile/picture/"),
    "guest/": (OPEN, lambda world: "/guest/"),
    "people/<int:user_id>/<slug:token>.webp": (OPEN, lambda world: "/people/1/0.webp"),
    "previews/<int:message>/<slug:token>.webp": (SHUT, lambda world: f"/previews/{world.message}/{world.token}.webp"),
    "setup/<str:token>/": (OPEN, lambda world: "/setup/x/"),
    "join/<str:token>/": (OPEN, lambda world: "/join/x/"),
    "manifest.webmanifest": (OPEN, lambda world: "/manifest.webmanifest"),
    **{
        f"accounts/{name}/": (OPEN, lambda world, name=name: f"/accounts/{name}/")
        for name in ("login", "logout", "password_reset", "password_change", "password_change/done")
    },
    "accounts/password_reset/done/": (OPEN, lambda world: "/accounts/password_reset/done/"),
    "accounts/reset/done/": (OPEN, lambda world: "/accounts/reset/done/"),
    "accounts/reset/<uidb64>/<token>/": (OPEN, lambda world: "/accounts/reset/MQ/x/"),
}
SHOWN = [
    *("rooms/", "unread/", "mentions/", "threads/", "drafts/", "scheduled/", "saved/", "rooms/<slug:slug>/"),
    *("search/results/", "rooms/<slug:slug>/<int:message>/"),
    *("files/<int:attachment>/excerpt.json", "files/<int:attachment>/<str:name>"),
]
"""Pages that show a member something of the room."""
PICTURES = [
    *("files/<int:attachment>/thumb-360.webp", "files/<int:attachment>/thumb-1080.webp"),
    "previews/<int:message>/<slug:token>.webp",
]
"""Pages that show a member a picture of it."""


def routes(patterns=None, prefix: str = "") -> list[str]:
    """The routes of all pages but those of the admin, which has a test of its own."""
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            found.append(route)
        elif route != "admin/":
            found += routes(pattern.url_patterns, route)
    return found


def test_every_page_has_a_row():
    assert set(routes()) == TABLE.keys()


@pytest.fixture(autouse=True)
def checks_of_the_site(monkeypatch, settings) -> list[str]:
    """The names of the checks that `/wire/checks/` has run: its host is that of the test client, and nothing connects.

    That the connections of checks have no session is in `chat/tests/views/test_wire_checks.py`.
    """
    settings.SITE_URL, settings.ALLOWED_HOSTS = "http://testserver", ["testserver"]
    names = []

    async def run_one(name, examination):
        names.append(name)
        return ok("Checked.")

    monkeypatch.setattr("chat.doctor.own_site.run_one", run_one)
    return names


@pytest.fixture
def visit():
    """Function that returns a browser in which somebody is signed in."""

    def browse(user) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return browse


def body_of(response) -> str:
    """What a response has, with its headers."""
    if not response.streaming:
        content = response.content
    elif response.is_async:
        content = b"".join(async_to_sync(_all_of)(response.streaming_content))
    else:
        content = b"".join(response.streaming_content)
    return content.decode(errors="replace") + str(response.headers)


async def _all_of(parts) -> list[bytes]:
    return [part async for part in parts]


def test_a_member_sees_something_of_the_room(visit, alice, bob, set_up_site, checks_of_the_site):
    """Otherwise the tests below would prove nothing."""
    world, browser = build(alice, bob, "private"), visit(bob)
    for route in SHOWN:
        assert SECRET in body_of(browser.get(TABLE[route][1](world), follow=True)), route
    for route in PICTURES:
        picture = browser.get(TABLE[route][1](world))
        assert body_of(picture), route
        assert picture.status_code == 200, route
    upload = browser.head(TABLE["rooms/<slug:slug>/files/<int:upload>/"][1](world), headers={"Tus-Resumable": "1.0.0"})
    assert upload.status_code == 200
    assert "Checked." in body_of(browser.post(TABLE["wire/checks/"][1](world)))
    assert checks_of_the_site


@pytest.mark.parametrize("loss", losses(often=lambda name: name in ON_PAGES))
def test_no_page_shows_or_changes_anything(visit, alice, bob, dora, set_up_site, loss):
    world = build(alice, bob, loss.kind)
    earlier = visit(bob)
    loss.happen(world, bob, dora)
    before = world.state()
    # Also with a session that was made after the loss, as by a cookie that somebody kept.
    for browser in (earlier, visit(bob)):
        for route, (kind, address_of) in TABLE.items():
            address = address_of(world)
            for response in (browser.get(address), *_changes(browser, address, world)):
                assert SECRET not in body_of(response), (route, response.request["REQUEST_METHOD"])
                if kind == SHUT:
                    _check_refused(response, route)
    assert world.state() == before


def _changes(browser: Client, address: str, world):
    """The answers to requests that would change something."""
    fields = {"do": "send", "read": world.message, "remove": world.message, "message": world.message, "body": "Ahoy"}
    yield browser.post(address, fields)
    if "/files/" in address:
        tus = {"Tus-Resumable": "1.0.0"}
        yield browser.post(address, headers=tus | {"Upload-Length": "3", "Upload-Metadata": "filename YQ=="})
        octets = {"content_type": "application/offset+octet-stream"}
        yield browser.patch(address, b"abc", **octets, headers=tus | {"Upload-Offset": "0"})
        yield browser.head(address, headers=tus)
        yield browser.delete(address, headers=tus)


def _check_refused(response, route: str) -> None:
    if response.status_code == 302:
        assert response["Location"].startswith("/accounts/login/"), (route, response["Location"])
    else:
        # 405 and 412: not a request of this kind, whoever asks.
        assert response.status_code in (401, 403, 404, 405, 412), (route, response.status_code)
