"""Every page: narrow, dark, and under a strict Content-Security-Policy."""

import re
from html.parser import HTMLParser

import pytest
from playwright.sync_api import expect

from .pages import is_online, load_all

PHONE = {"width": 360, "height": 640}
# Path, who looks, and what the answer's status is. `ROOM` is a room that has been talked in.
PAGES = {
    "home": ("/", "alice", 200),
    "home of a stranger": ("/", "charlie", 200),
    "home of a guest": ("/", None, 200),
    "room": ("/rooms/ROOM/", "alice", 200),
    "room as a stranger": ("/rooms/ROOM/", "charlie", 200),
    "room as a guest": ("/rooms/ROOM/", None, 200),
    "sign-in": ("/accounts/login/", None, 200),
    "change of password": ("/accounts/password_change/", "alice", 200),
    "changed password": ("/accounts/password_change/done/", "alice", 200),
    "forgotten password": ("/accounts/password_reset/", None, 200),
    "mail on its way": ("/accounts/password_reset/done/", None, 200),
    "reset link that is too old": ("/accounts/reset/MQ/set-password/", None, 200),
    "password reset": ("/accounts/reset/done/", None, 200),
    "invitation": ("INVITATION", None, 200),
    "invitation to a room": ("ROOM_INVITATION", "charlie", 200),
    "invitation that was used": ("/join/nothing/", None, 404),
    "set-up link that was used": ("/setup/nothing/", None, 404),
    "nothing there": ("/nothing/there/", None, 404),
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
TALK = """
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
    said = [
        "W" * 3000,
        "https://example.org/" + "path/" * 200,
        "```\\n" + "a long line of code " * 40 + "\\n```",
        "- one\\n- two\\n  1. nested\\n\\n> > > quoted\\n\\n# heading",
        "`" + "x" * 400 + "`",
        "@alice and @bob",
        "שלום مرحبا 👩‍👩‍👧‍👦",
    ]
    for body in said:
        last = messages.post(room=slug, author=bob, body=body, client_id=uuid.uuid4())
    messages.post(room=slug, author=alice, body="yes", client_id=uuid.uuid4(), reply_to=last.pk)
    for emoji in ("👍", "❤️", "😂", "🎉", "👀", "🙏", "✅", "😢"):
        messages.react(message=last.pk, by=alice, emoji=emoji, on=True)
    gone = messages.post(room=slug, author=bob, body="gone", client_id=uuid.uuid4())
    messages.delete(message=gone.pk, by=bob)
    soon = timezone.now() + timedelta(days=1)
    places = [None, Room.objects.get(slug="den")]
    result = [invites.create(room=place, by=admin, expires_at=soon, uses=9)[1] for place in places]
"""


@pytest.fixture(scope="module")
def address(site):
    """Function that gives the path of one of PAGES."""
    slug = "a-look"
    site_token, room_token = site.python(TALK, slug=slug)
    known = {"INVITATION": f"/join/{site_token}/", "ROOM_INVITATION": f"/join/{room_token}/"}

    def path_of(page: str) -> str:
        path = PAGES[page][0]
        return known.get(path, path.replace("ROOM", slug))

    return path_of


class Inline(HTMLParser):
    """Collects what a strict policy forbids in a page's HTML."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Note scripts and styles that stand in the page, and attributes that hold either."""
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") != "application/json"):
            self.found.append(self.get_starttag_text())
        self.found += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_keeps_to_a_strict_policy(site, address, arrive, page):
    _, who, status = PAGES[page]
    said, answers = [], []

    def before(opened):
        opened.add_init_script(VIOLATIONS)
        opened.on("console", lambda message: said.append(message))
        opened.on("response", lambda answer: answers.append(answer))

    opened = arrive(site, who, address(page), before=before)
    if "room" in page and status == 200 and "admin" not in page and "invitation" not in page:
        is_online(opened)
        load_all(opened)
    opened.wait_for_load_state("load")
    document = next(answer for answer in answers if answer.request.is_navigation_request() and answer.status == status)
    policy = document.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert Inline(document.text()).found == []
    assert opened.evaluate("window.violations") == []
    # A browser tells of the document's own status 404 as if it were an error.
    assert [each.text for each in said if each.type == "error" and each.location["url"] != document.url] == []
    failed = [answer.url for answer in answers if answer.status >= 400 and answer is not document]
    assert failed == []


@pytest.mark.parametrize("page", OURS)
def test_a_page_fits_a_phone_of_360_pixels(site, address, arrive, page):
    opened = arrive(site, PAGES[page][1], address(page), viewport=PHONE, has_touch=True, is_mobile=True)
    if "/rooms/" in opened.url:
        is_online(opened)
        load_all(opened)
    wide = opened.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((one) => {
            const { left, right, width } = one.getBoundingClientRect();
            const scrolls = one.closest("pre, .room-title, .visually-hidden, .skip");
            return width > 0 && (right > 361 || left < -1) && !scrolls;
        }).map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert wide == []
    assert opened.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert opened.evaluate("getComputedStyle(document.body).fontSize") >= "16px"


@pytest.mark.parametrize("page", ["home", "room", "sign-in", "nothing there"])
def test_a_page_is_dark_for_those_whose_system_is(site, address, arrive, page):
    shades = {}
    for scheme in ("light", "dark"):
        opened = arrive(site, PAGES[page][1], address(page), color_scheme=scheme)
        colours = opened.evaluate(COLOURS)
        shades[scheme] = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in colours]
    (paper, ink), (dark_paper, dark_ink) = shades["light"], shades["dark"]
    assert paper > 600 > 300 > ink
    assert dark_paper < 300 < 600 < dark_ink


def test_alice_talks_on_a_phone_and_finds_the_list_behind_the_arrow(site, room, arrive):
    alice = arrive(site, "alice", f"/rooms/{room}/", viewport=PHONE, has_touch=True, is_mobile=True)
    is_online(alice)
    expect(alice.locator("nav#rooms")).to_be_hidden()
    alice.locator("#composer").tap()
    alice.keyboard.type("from the bus")
    alice.get_by_role("button", name="Send").tap()
    expect(alice.locator("article.message .body")).to_have_text(["from the bus"])
    alice.get_by_role("link", name="All rooms").tap()
    expect(alice.locator(f"nav#rooms a[data-room={room}]")).to_be_visible()
