"""What the composer does with a text: formats, lists, preview, Markdown of what is pasted."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from .pages import by_mouse_and_touch, message, send, wait_until_online, wait_until_stored

PASTE = """
(field, { html, text }) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    if (html) data.setData("text/html", html);
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    // The browser inserts the plain text if nobody else did.
    if (field.dispatchEvent(event)) document.execCommand("insertText", false, text);
}
"""
CONVERT = """
async (pages) => {
    const { htmlToMarkdown } = await import("/static/chat/writing/html_to_markdown.js");
    return pages.map((html) => htmlToMarkdown(html));
}
"""
# HTML as programs copy it, and what is pasted; None: the plain text.
PAGES = {
    "<p>plain</p><p>text</p>": None,
    "<p>a <b>bold</b> and <i>italic</i> <del>old</del> <code>x*y</code></p>": "a **bold** and _italic_ ~~old~~ `x*y`",
    "<h2>Title</h2><p>one</p><p>two<br>lines</p>": "## Title\n\none\n\ntwo\nlines",
    '<a href="https://example.org/a">a page</a>': "[a page](https://example.org/a)",
    '<a href="https://example.org/">https://example.org/</a>': "https://example.org/",
    '<a href="javascript:alert(1)">click</a>': "click",
    '<a href="https://example.org/a_(b)">x</a>': "[x](<https://example.org/a_(b)>)",
    "<ul><li>one<ul><li>in it</li></ul></li><li>two</li></ul>": "- one\n  - in it\n- two",
    "<ol start=3><li><p>three</p></li><li>four</li></ol>": "3. three\n4. four",
    "<blockquote><p>said</p><p>more</p></blockquote><p>answer</p>": "> said\n>\n> more\n\nanswer",
    "<pre>if a &lt; b:\n    c</pre>": "```\nif a < b:\n    c\n```",
    "<table><tr><th>Name</th><th>Cups</th></tr><tr><td>Ann</td><td>2 | 3</td></tr></table>": (
        "| Name | Cups |\n| --- | --- |\n| Ann | 2 \\| 3 |"
    ),
    "<table><tr><td>layout <b>only</b></td></tr></table>": "layout **only**",
    # Google Docs: everything is in a <b> that is not bold; what is bold is in spans.
    '<b style="font-weight:normal"><p><span style="font-weight:700">really</span> so</p></b>': "**really** so",
    "<p>1 * 2 * 3 is <b>6</b>, snake_case stays, _this_ is no mark</p>": (
        "1 * 2 * 3 is **6**, snake_case stays, \\_this\\_ is no mark"
    ),
    "<p># no title</p><p>1. no <b>list</b></p>": "\\# no title\n\n1\\. no **list**",
    "<style>p { color: red }</style><script>alert(1)</script><p>only <b>this</b></p>": "only **this**",
    '<p>a <b>cat</b> <img src="https://evil.example/x.png" onerror="alert(1)" alt="a cat"></p>': "a **cat** a cat",
    "<div>" * 3000 + "<b>deep</b>": "deep",
    "<b>x</b>" * 30_000: None,
}


@pytest.fixture
def alice(site, room, open_page) -> Page:
    """Alice's page."""
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    return alice


def paste(page: Page, text: str, html: str = "") -> Locator:
    """Paste into the composer's field. Returns the field."""
    field = page.locator("#composer")
    field.focus()
    field.evaluate(PASTE, {"text": text, "html": html})
    return field


def test_an_emoji_is_chosen_from_the_picker(alice):
    field = alice.locator("#composer")
    field.fill("tea ")
    alice.locator('[data-tool="emoji"]').click()
    alice.locator("#emoji-picker input").fill("tada")
    alice.keyboard.press("Enter")
    expect(field).to_have_value("tea 🎉 ")
    expect(field).to_be_focused()


def test_keys_format_the_selection_and_each_is_one_step_back(alice):
    field = alice.locator("#composer")
    field.press_sequentially("tea")
    for keys, expected in (
        ("Control+b", "**tea**"),
        ("Control+b", "tea"),
        ("Control+i", "_tea_"),
        ("Control+z", "tea"),
        ("Control+Shift+X", "~~tea~~"),
        ("Control+z", "tea"),
        ("Control+e", "`tea`"),
        ("Control+z", "tea"),
        ("Control+k", "[tea](https://)"),
    ):
        if expected != "tea" and field.input_value() == "tea":
            field.press("Control+a")
        field.press(keys)
        expect(field).to_have_value(expected)
    alice.keyboard.type("https://example.org")
    expect(field).to_have_value("[tea](https://example.org)")
    # Without a selection the same key goes to another room.
    field.press("End")
    field.press("Control+k")
    expect(alice.locator("#switcher")).to_be_visible()


@pytest.mark.core
@by_mouse_and_touch
def test_buttons_format_and_the_preview_shows_what_will_be_sent(alice):
    field = alice.locator("#composer")
    field.fill("tea")
    field.select_text()
    alice.locator('[data-tool="format"]').click()
    alice.locator('[data-format="bold"]').click()
    expect(field).to_have_value("**tea**")
    expect(field).to_be_focused()
    alice.locator('[data-tool="preview"]').click()
    expect(alice.locator(".compose-preview strong")).to_have_text("tea")
    alice.locator('[data-tool="preview"]').click()
    expect(alice.locator(".compose-preview")).to_be_hidden()
    expect(field).to_be_focused()
    # The bar stays as the person left it.
    alice.reload()
    wait_until_online(alice)
    expect(alice.locator(".format-bar")).to_be_visible()
    send(alice, "and **more** tea")
    expect(wait_until_stored(alice, "and more tea").locator("strong")).to_have_text("more")


def test_lists_go_on_and_a_person_may_choose_that_enter_begins_a_line(alice, site, room):
    field = alice.locator("#composer")
    field.press_sequentially("- one")
    field.press("Shift+Enter")
    field.press_sequentially("two")
    expect(field).to_have_value("- one\n- two")
    field.press("Shift+Enter")
    field.press("Shift+Enter")
    expect(field).to_have_value("- one\n- two\n")
    # In a block of code Enter is a line break, too.
    field.fill("```")
    field.press("End")
    field.press("Enter")
    field.press_sequentially("x")
    expect(field).to_have_value("```\nx")
    field.fill("")
    alice.goto(f"{alice.url.split('/rooms/')[0]}/profile/")
    alice.get_by_label("begins a new line").check()
    alice.get_by_role("button", name="Save").click()
    try:
        alice.goto(f"{alice.url.split('/profile/')[0]}/rooms/{room}/")
        wait_until_online(alice)
        field.press_sequentially("1. one")
        field.press("Enter")
        field.press_sequentially("two")
        expect(field).to_have_value("1. one\n2. two")
        field.press("Control+Enter")
        expect(wait_until_stored(alice, "two").locator("ol > li")).to_have_count(2)
    finally:
        site.python(
            """
            from django.contrib.auth import get_user_model
            from chat.domain import profiles
            profiles.change(user=get_user_model().objects.get_by_natural_key("alice"), enter="send")
            """
        )


def test_what_is_pasted_becomes_a_link_markdown_or_a_file(alice, site):
    field = alice.locator("#composer")
    field.fill("see this page")
    field.evaluate("(field) => { field.focus(); field.setSelectionRange(4, 8); }")
    paste(alice, "https://example.org/tea")
    expect(field).to_have_value("see [this](https://example.org/tea) page")
    field.press("Control+z")
    expect(field).to_have_value("see this page")
    field.fill("")
    table = "<table><tr><td>Ann</td><td>2</td></tr><tr><td>Bob</td><td>3</td></tr></table>"
    paste(alice, "Ann\t2\nBob\t3", table)
    expect(field).to_have_value("| Ann | 2 |\n| --- | --- |\n| Bob | 3 |")
    # Code stays as it is.
    field.fill("```\n")
    paste(alice, "a <b> c", "<p>a <b>b</b> c</p>")
    expect(field).to_have_value("```\na <b> c")
    field.fill("look")
    paste(alice, "line of a log\n" * 1000)
    expect(alice.locator("#paste-dialog")).to_contain_text("14,000")
    alice.get_by_role("button", name="Attach as a file").click()
    expect(field).to_have_value("look")
    expect(alice.locator(".upload-card")).to_have_attribute("data-phase", "uploaded")
    field.press("Enter")
    expect(message(alice, "look").locator(".attachments")).to_contain_text("Pasted text.txt")


def test_copied_html_becomes_markdown_and_nothing_of_it_runs(alice):
    requests = []
    alice.on("request", lambda request: requests.append(request.url))
    assert dict(zip(PAGES, alice.evaluate(CONVERT, list(PAGES)), strict=True)) == PAGES
    assert not [url for url in requests if "evil" in url]


def test_on_a_phone_emoji_mention_and_formatting_are_in_a_row_below_the_field(site, room, open_page):
    phone = {"viewport": {"width": 320, "height": 600}, "has_touch": True, "is_mobile": True}
    page = open_page(site, "alice", f"/rooms/{room}/", **phone)
    wait_until_online(page)
    field, tools = page.locator("#composer"), page.locator(".compose [data-tool]:visible")
    # While nobody writes, the field has the space.
    expect(tools).to_have_count(0)
    assert field.bounding_box()["width"] > 120
    field.tap()
    expect(tools).to_have_count(3)
    boxes = [each.bounding_box() for each in [*tools.all(), page.locator(".compose .send")]]
    assert len({box["y"] for box in boxes}) == 1
    assert all(box["width"] >= 44 and box["height"] >= 44 for box in boxes)
    below = field.bounding_box()["y"] + field.bounding_box()["height"]
    assert all(box["y"] >= below - 1 and box["x"] + box["width"] <= 320 for box in boxes)
    field.press_sequentially("tea ")
    page.locator('[data-tool="emoji"]').tap()
    page.locator("#emoji-picker input").fill("tada")
    page.locator("#emoji-picker input").press("Enter")
    expect(field).to_have_value("tea 🎉 ")
    page.locator('[data-tool="mention"]').tap()
    page.get_by_role("option", name="bob").tap()
    expect(field).to_have_value(re.compile("^tea 🎉 @bob"))
    field.select_text()
    page.locator('[data-tool="format"]').tap()
    page.locator('[data-format="bold"]').tap()
    expect(field).to_have_value(re.compile(r"^\*\*tea"))
    page.locator(".compose .send").tap()
    expect(wait_until_stored(page, "tea").locator("strong")).to_be_visible()
    # A tap elsewhere closes the row.
    page.locator(".room-name").first.focus()
    expect(tools).to_have_count(0)
