"""Every page: on a narrow screen, with dark colours, and with a strict Content-Security-Policy."""

import re
from html.parser import HTMLParser

import pytest
from playwright.sync_api import expect

from .pages import load_all, wait_until_online

PHONE = {"width": 360, "height": 640}
# Path, who opens it, and the status of the response. `ROOM` is a room with messages.
PAGES = {
    "home": ("/", "alice", 200),
    "home of a stranger": ("/", "charlie", 200),
    "home of a guest": ("/", None, 200),
    "room": ("/rooms/ROOM/", "alice", 200),
    "room as a stranger": ("/rooms/ROOM/", "charlie", 200),
    "room as a guest": ("/rooms/ROOM/", None, 200),
    "connection": ("/wire/", "alice", 200),
    "connection of a guest": ("/wire/", None, 200),
    "a message of a room": ("MESSAGE", "alice", 200),
    "unread messages": ("/unread/", "alice", 200),
    "mentions": ("/mentions/", "alice", 200),
    "search": ("/search/?q=quoted+-x", "alice", 200),
    "search of a guest": ("/search/", None, 200),
    "threads": ("/threads/", "alice", 200),
    "saved messages": ("/saved/", "alice", 200),
    "drafts": ("/drafts/", "alice", 200),
    "scheduled messages": ("/scheduled/", "alice", 200),
    "sign-in": ("/accounts/login/", None, 200),
    "profile": ("/profile/", "alice", 200),
    "change of password": ("/accounts/password_change/", "alice", 200),
    "changed password": ("/accounts/password_change/done/", "alice", 200),
    "forgotten password": ("/accounts/password_reset/", None, 200),
    "sent mail": ("/accounts/password_reset/done/", None, 200),
    "expired reset link": ("/accounts/reset/MQ/set-password/", None, 200),
    "password reset": ("/accounts/reset/done/", None, 200),
    "invitation": ("INVITATION", None, 200),
    "invitation to a room": ("ROOM_INVITATION", "charlie", 200),
    "used invitation": ("/join/nothing/", None, 404),
    "used set-up link": ("/setup/nothing/", None, 404),
    "not found": ("/nothing/there/", None, 404),
    "admin to a member": ("/admin/", "alice", 403),
    "admin": ("/admin/", "admin", 200),
    "rooms in the admin": ("/admin/chat/room/", "admin", 200),
    "a new room in the admin": ("/admin/chat/room/add/", "admin", 200),
    "a new invitation in the admin": ("/admin/chat/invite/add/", "admin", 200),
    "messages in the admin": ("/admin/chat/message/", "admin", 200),
}
OURS = [name for name in PAGES if "in the admin" not in name and name != "admin"]
VIOLATIONS = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
COLOURS = """
() => {
    // The canvas is painted by the root, or by the body when the root has no colour.
    const styles = [document.documentElement, document.body].map((one) => getComputedStyle(one));
    const paper = styles.find((style) => style.backgroundColor !== "rgba(0, 0, 0, 0)");
    return [paper.backgroundColor, styles[1].color];
}
"""
POST_MESSAGES = """
    import uuid
    from datetime import timedelta
    from django.contrib.auth import get_user_model
    from django.utils import timezone
    from chat.domain import invites, messages, rooms
    from chat.models import Room
    person = get_user_model().objects.get_by_natural_key
    alice, bob, admin = person("alice"), person("bob"), person("admin")
    name = "A room with quite a long name, " * 2
    room = rooms.create(slug=slug, name=name, by=alice, guests="write", topic="T" * 250)
    rooms.join(room=room, user=bob)
    bodies = [
        "W" * 3000,
        "https://example.org/" + "path/" * 200,
        "```\\n" + "a long line of code " * 40 + "\\n```",
        "- one\\n- two\\n  1. nested\\n\\n> > > quoted\\n\\n# heading",
        "`" + "x" * 400 + "`",
        "@alice and @bob",
        "שלום مرحبا 👩‍👩‍👧‍👦",
    ]
    for body in bodies:
        last = messages.post(room=slug, author=bob, body=body, client_id=uuid.uuid4())
    messages.post(room=slug, author=alice, body="yes", client_id=uuid.uuid4(), reply_to=last.pk)
    for emoji in ("👍", "❤️", "😂", "🎉", "👀", "🙏", "✅", "😢"):
        messages.react(message=last.pk, by=alice, emoji=emoji, on=True)
    gone = messages.post(room=slug, author=bob, body="gone", client_id=uuid.uuid4())
    messages.delete(message=gone.pk, by=bob)
    soon = timezone.now() + timedelta(days=1)
    places = [None, Room.objects.get(slug="den")]
    result = [invites.create(room=place, by=admin, expires_at=soon, uses=9)[1] for place in places] + [last.pk]
"""


# Like `site`, not of the module: tests of other modules may run between its tests.
@pytest.fixture(scope="package")
def address(site):
    """Function that returns the path of one of PAGES."""
    slug = "a-look"
    site_token, room_token, message = site.python(POST_MESSAGES, slug=slug)
    known = {"INVITATION": f"/join/{site_token}/", "ROOM_INVITATION": f"/join/{room_token}/"}
    known["MESSAGE"] = f"/rooms/{slug}/{message}/"

    def path_of(page: str) -> str:
        path = PAGES[page][0]
        return known.get(path, path.replace("ROOM", slug))

    return path_of


class InlineCode(HTMLParser):
    """Collects inline scripts and styles of a page's HTML, which a strict policy forbids."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Note elements with inline scripts and styles, and attributes that hold either."""
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") != "application/json"):
            self.found.append(self.get_starttag_text())
        self.found += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]


@pytest.fixture
def visit(site, address, open_page):
    """Function that opens pages one after the other, in one context, and yields the name and the page of each.

    The pages of a person share a context because a page costs half as much when its modules are cached.
    """

    def visit_all(names, who, **options):
        opened = None
        for name in names:
            if PAGES[name][1] != who:
                continue
            if opened is None:
                opened = open_page(site, who, address(name), **options)
            else:
                opened.goto(site.url + address(name))
            yield name, opened

    return visit_all


@pytest.mark.parametrize("who", ["alice", "charlie", "admin", None])
def test_no_page_needs_an_exception_from_a_strict_policy(visit, who):
    console, responses = [], []

    def before(opened):
        opened.add_init_script(VIOLATIONS)
        opened.on("console", lambda message: console.append(message))
        opened.on("response", lambda response: responses.append(response))

    wrong = {}
    for name, opened in visit(PAGES, who, before=before):
        status = PAGES[name][2]
        if "room" in name and status == 200 and "admin" not in name and "invitation" not in name:
            wait_until_online(opened)
            load_all(opened)
        opened.wait_for_load_state("load")
        document = next(
            response for response in responses if response.request.is_navigation_request() and response.status == status
        )
        policy = document.headers["content-security-policy"]
        found = [] if "default-src 'none'" in policy and "unsafe" not in policy else [policy]
        found += InlineCode(document.text()).found
        found += opened.evaluate("window.violations")
        # A browser reports a document with the status 404 as an error.
        found += [each.text for each in console if each.type == "error" and each.location["url"] != document.url]
        found += [response.url for response in responses if response.status >= 400 and response is not document]
        if found:
            wrong[name] = found
        console.clear()
        responses.clear()
    assert wrong == {}


@pytest.mark.core
@pytest.mark.parametrize("who", ["alice", "charlie", None])
def test_every_page_fits_a_phone_of_360_pixels(visit, who):
    wrong = {}
    for name, opened in visit(OURS, who, viewport=PHONE, has_touch=True, is_mobile=True):
        if name.startswith("room"):
            wait_until_online(opened)
            load_all(opened)
        if "/wire/" in opened.url:
            # With a frame of each kind, and one that is selected.
            opened.locator('#wire-frames tr[data-opcode="10"] button').click()
            expect(opened.locator(".frame-detail")).to_be_visible()
        found = opened.evaluate(
            """() => [...document.querySelectorAll("body *")].filter((one) => {
                const { left, right, width } = one.getBoundingClientRect();
                const scrolls = one.closest("pre, .room-title, .visually-hidden, .skip, .frames thead, .headers thead");
                return width > 0 && (right > 361 || left < -1) && !scrolls;
            }).map((one) => one.outerHTML.slice(0, 120))"""
        )
        width, size = opened.evaluate(
            "[document.documentElement.scrollWidth, getComputedStyle(document.body).fontSize]"
        )
        if found or width > PHONE["width"] or size < "16px":
            wrong[name] = [*found, width, size]
    assert wrong == {}


@pytest.mark.parametrize("page", ["home", "room", "connection", "sign-in", "not found"])
def test_a_page_has_dark_colours_when_the_system_has(site, address, open_page, page):
    shades = {}
    for scheme in ("light", "dark"):
        opened = open_page(site, PAGES[page][1], address(page), color_scheme=scheme)
        colours = opened.evaluate(COLOURS)
        shades[scheme] = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in colours]
    (paper, ink), (dark_paper, dark_ink) = shades["light"], shades["dark"]
    assert paper > 600 > 300 > ink
    assert dark_paper < 300 < 600 < dark_ink


def test_alice_writes_on_a_phone_and_goes_back_to_the_list_of_rooms(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/", viewport=PHONE, has_touch=True, is_mobile=True)
    wait_until_online(alice)
    expect(alice.locator("nav#rooms")).to_be_hidden()
    alice.locator("#composer").tap()
    alice.keyboard.type("from the bus")
    alice.get_by_role("button", name="Send", exact=True).tap()
    expect(alice.locator("article.message .body")).to_have_text(["from the bus"])
    alice.get_by_role("link", name="All rooms").tap()
    expect(alice.locator(f"nav#rooms a[data-room={room}]")).to_be_visible()
