"""Text of other people never runs as script, in any part of the page."""

import pytest
from playwright.sync_api import expect

from .pages import (
    by_mouse_and_touch,
    choose_action,
    expect_all_messages,
    load_all,
    message,
    send,
    wait_until_online,
    wait_until_stored,
)

CORPUS = [
    "<script>attack()</script>",
    "</script><script>attack()</script>",
    "<!--<script>attack()",
    "]]><script>attack()</script>",
    "<img src=x onerror=attack()>",
    "<svg onload=attack()>",
    "<svg><script>attack()</script></svg>",
    "<iframe srcdoc='<script>parent.attack()</script>'></iframe>",
    "<style>*{display:none}</style><link rel=stylesheet href=//evil.example/x.css>",
    "<base href=//evil.example/><form action=//evil.example/><button>press</button></form>",
    "<details open ontoggle=attack()>x</details>",
    "<a href='javascript:attack()'>click</a>",
    '<math><mtext></table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=attack()&gt;">',
    "[click](javascript:attack())",
    "[click](JaVaScRiPt:attack())",
    "[click](java&#115;cript:attack())",
    "[click](&#x6A;avascript:attack())",
    "[click](java\\\nscript:attack())",
    "[click](data:text/html,<script>attack()</script>)",
    "[click](vbscript:attack())",
    "[click](<javascript:attack()>)",
    "[click][1]\n\n[1]: javascript:attack()",
    '[click](https://example.org "\\" onmouseover=attack() x=\\"")',
    "<javascript:attack()>",
    '![x](x" onerror="attack())',
    "![x](javascript:attack())",
    "![x](https://evil.example/pixel.png)",
    '``` "onmouseover="attack()\nx\n```',
    "```html\n<script>attack()</script>\n```",
    "`<img src=x onerror=attack()>`",
    'https://example.org/"onmouseover="attack()',
    "@bob<img src=x onerror=attack()>",
    '@bob"><svg onload=attack()> <b>@bob</b>',
    "{{constructor.constructor('attack()')()}} ${attack()}",
    "\u202egnp.exe\u2066 \u200b\u200b\u200b",
    "W" * 5000,
]
WATCH = """
    window.attacks = 0;
    window.attack = () => { window.attacks += 1; };
    document.addEventListener("securitypolicyviolation", () => { window.attacks += 1; });
"""
DANGEROUS = """
() => {
    const log = document.querySelector(".log");
    const schemes = new Set([...log.querySelectorAll(".body a")].map((link) => link.protocol));
    const handlers = [...log.querySelectorAll("*")].flatMap((one) => one.getAttributeNames()).filter((name) =>
        name.startsWith("on") || name === "style" || name === "srcdoc");
    const elements = [...log.querySelectorAll("script, style, iframe, form, base, link, object, embed, math")];
    return { schemes: [...schemes].sort(), handlers, elements: elements.map((one) => one.outerHTML) };
}
"""


@pytest.fixture
def enter(site, room, open_page):
    """Function that opens the test's room as a person, and counts scripts that run."""
    return lambda name: open_page(site, name, f"/rooms/{room}/", before=lambda page: page.add_init_script(WATCH))


def assert_nothing_ran(page):
    """Assert that no injected script ran, and that the page has nothing that could still run."""
    found = page.evaluate(DANGEROUS)
    assert set(found["schemes"]) <= {"http:", "https:", "mailto:"}
    assert found["handlers"] == []
    assert found["elements"] == []
    assert page.evaluate("window.attacks") == 0


def test_no_message_of_alice_runs_as_script_in_bobs_browser(site, room, enter):
    alice, bob = enter("alice"), enter("bob")
    wait_until_online(bob)
    for text in CORPUS:
        send(alice, text)
    for page in (alice, bob):
        expect(page.locator("article.message[data-id]:not(.pending)")).to_have_count(len(CORPUS))
        expect_all_messages(page, site, room)
        assert_nothing_ran(page)
    for link in bob.locator(".log .body a").all():
        link.dispatch_event("mouseover")
    bob.reload()
    expect_all_messages(bob, site, room)
    assert_nothing_ran(bob)
    assert bob.evaluate("document.documentElement.scrollWidth <= innerWidth")


POST_HOSTILE = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import messages
    from chat.domain.errors import TooComplex
    from chat.tests import hostile_texts
    alice = get_user_model().objects.get_by_natural_key("alice")
    result = 0
    for body in hostile_texts.TEXTS:
        try:
            messages.post(room=room, author=alice, body=body, client_id=uuid.uuid4())
            result += 1
        except TooComplex:
            pass
"""
USE_ALL = """
() => {
    for (const spoiler of document.querySelectorAll(".spoiler")) spoiler.click();
    for (const button of document.querySelectorAll(".code-unfold")) button.click();
    for (const one of document.querySelectorAll(".log .body *")) {
        one.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
        one.dispatchEvent(new FocusEvent("focus"));
    }
}
"""
BROKEN = """
() => {
    const log = document.querySelector(".log");
    const { left, right } = log.getBoundingClientRect();
    const faults = [];
    let bottom = -Infinity;
    for (const article of log.querySelectorAll(":scope > article.message")) {
        const box = article.getBoundingClientRect();
        if (box.left < left - 1 || box.right > right + 1) faults.push(`${article.id} is too wide`);
        if (box.height < 16) faults.push(`${article.id} is flat`);
        if (box.top < bottom - 1) faults.push(`${article.id} lies over the one before`);
        bottom = box.bottom;
        for (const part of article.querySelectorAll(":scope > .body > *")) {
            const inner = part.getBoundingClientRect();
            if (inner.right > box.right + 1 || inner.left < box.left - 1) faults.push(`${article.id} overflows`);
        }
    }
    if (document.documentElement.scrollWidth > innerWidth) faults.push("the page scrolls sideways");
    return faults;
}
"""


@by_mouse_and_touch
def test_two_hundred_hostile_messages_run_nothing_load_nothing_and_break_nothing(site, room, open_page):
    count = site.python(POST_HOSTILE, room=room)
    assert count >= 200
    foreign = []

    def watch(page):
        page.add_init_script(WATCH)
        page.on("request", lambda request: foreign.append(request.url))

    # Their author has read them, so the page begins at the end.
    alice = open_page(site, "alice", f"/rooms/{room}/", before=watch)
    wait_until_online(alice)
    load_all(alice)
    expect(alice.locator("article.message[data-id]")).to_have_count(count)
    assert_nothing_ran(alice)
    assert alice.evaluate(BROKEN) == []
    alice.evaluate(USE_ALL)
    assert_nothing_ran(alice)
    assert alice.evaluate(BROKEN) == []
    here = site.workers[0].url.rstrip("/")
    assert {url for url in foreign if not url.startswith((here, "blob:", "data:"))} == set()


@pytest.mark.core
@by_mouse_and_touch
def test_hostile_text_is_shown_as_text_in_quotes_dialogs_and_announcements(site, room, enter):
    alice, bob = enter("alice"), enter("bob")
    hostile = "<img src=x onerror=attack()>"
    wait_until_online(bob)
    send(alice, hostile)
    wait_until_stored(bob, hostile)
    expect(bob.locator("#announcer")).to_contain_text(hostile)
    choose_action(bob, hostile, "reply")
    expect(bob.locator(".compose-mode .mode-text")).to_have_text(hostile)
    send(bob, "Nice try")
    expect(wait_until_stored(alice, "Nice try").locator(".quote-text")).to_have_text(hostile)
    choose_action(alice, hostile, "forward")
    alice.locator("#switcher input").fill("lobby")
    alice.keyboard.press("Enter")
    expect(alice.locator("#forward-dialog .quoted-text")).to_have_text(hostile)
    alice.keyboard.press("Escape")
    choose_action(alice, hostile, "edit")
    send(alice, f"{hostile}{hostile}")
    wait_until_stored(bob, f"{hostile}{hostile}")
    choose_action(alice, f"{hostile}{hostile}", "history")
    expect(alice.locator("#history-dialog .history-text").last).to_have_text(hostile)
    alice.keyboard.press("Escape")
    for page in (alice, bob):
        expect_all_messages(page, site, room)
        assert_nothing_ran(page)


def test_hostile_names_and_topics_of_rooms_are_shown_as_text(site, room, enter):
    bob = enter("bob")
    wait_until_online(bob)
    site.python(
        """
        from chat.domain import rooms
        from chat.models import Room
        rooms.change(room=Room.objects.get(slug=slug), name=name, topic=topic)
        """,
        slug=room,
        name="<svg onload=attack()>",
        topic="</script><script>attack()</script>",
    )
    expect(bob.locator("#room-name")).to_have_text("<svg onload=attack()>")
    expect(bob.locator(".room-topic")).to_have_text("</script><script>attack()</script>")
    expect(bob.locator(f"nav#rooms a[data-room={room}]")).to_contain_text("<svg onload=attack()>")
    bob.reload()
    expect(bob.locator(".room-topic")).to_have_text("</script><script>attack()</script>")
    expect(message(bob, "")).to_have_count(0)
    assert_nothing_ran(bob)
