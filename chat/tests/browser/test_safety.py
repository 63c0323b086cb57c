"""What others write can never run as script here, in whatever part of the page it is shown."""

import pytest
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, do, is_online, is_stored, message, say, shows_all

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
    const log = document.getElementById("log");
    const schemes = new Set([...log.querySelectorAll(".body a")].map((link) => link.protocol));
    const handlers = [...log.querySelectorAll("*")].flatMap((one) => one.getAttributeNames()).filter((name) =>
        name.startsWith("on") || name === "style" || name === "srcdoc");
    const elements = [...log.querySelectorAll("script, style, iframe, form, base, link, object, embed, math")];
    return { schemes: [...schemes].sort(), handlers, elements: elements.map((one) => one.outerHTML) };
}
"""


@pytest.fixture
def enter(site, room, arrive):
    """Function that opens the test's room as somebody, with an alarm for whatever runs."""
    return lambda name: arrive(site, name, f"/rooms/{room}/", before=lambda page: page.add_init_script(WATCH))


def nothing_ran(page):
    """Assert that the alarm is silent, and that there is nothing that could still go off."""
    found = page.evaluate(DANGEROUS)
    assert set(found["schemes"]) <= {"http:", "https:", "mailto:"}
    assert found["handlers"] == []
    assert found["elements"] == []
    assert page.evaluate("window.attacks") == 0


def test_nothing_that_alice_posts_runs_in_bobs_browser(site, room, enter):
    alice, bob = enter("alice"), enter("bob")
    is_online(bob)
    for text in CORPUS:
        say(alice, text)
    for page in (alice, bob):
        expect(page.locator("article.message[data-id]:not(.pending)")).to_have_count(len(CORPUS))
        shows_all(page, site, room)
        nothing_ran(page)
    for link in bob.locator("#log .body a").all():
        link.dispatch_event("mouseover")
    bob.reload()
    shows_all(bob, site, room)
    nothing_ran(bob)
    assert bob.evaluate("document.documentElement.scrollWidth <= innerWidth")


@by_mouse_and_touch
def test_hostile_text_is_text_wherever_it_is_shown_again(site, room, enter):
    alice, bob = enter("alice"), enter("bob")
    hostile = "<img src=x onerror=attack()>"
    is_online(bob)
    say(alice, hostile)
    is_stored(bob, hostile)
    expect(bob.locator("#announcer")).to_contain_text(hostile)
    do(bob, hostile, "reply")
    expect(bob.locator("#mode .mode-text")).to_have_text(hostile)
    say(bob, "Nice try")
    expect(is_stored(alice, "Nice try").locator(".quote-text")).to_have_text(hostile)
    do(alice, hostile, "delete")
    expect(alice.locator("#delete-dialog .delete-text")).to_have_text(hostile)
    alice.keyboard.press("Escape")
    do(alice, hostile, "edit")
    say(alice, f"{hostile}{hostile}")
    is_stored(bob, f"{hostile}{hostile}")
    for page in (alice, bob):
        shows_all(page, site, room)
        nothing_ran(page)


def test_hostile_names_and_topics_of_rooms_are_text(site, room, enter):
    bob = enter("bob")
    is_online(bob)
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
    expect(bob.locator("#room-topic")).to_have_text("</script><script>attack()</script>")
    expect(bob.locator(f"nav#rooms a[data-room={room}]")).to_contain_text("<svg onload=attack()>")
    bob.reload()
    expect(bob.locator("#room-topic")).to_have_text("</script><script>attack()</script>")
    expect(message(bob, "")).to_have_count(0)
    nothing_ran(bob)
