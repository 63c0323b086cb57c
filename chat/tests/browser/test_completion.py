"""Completion in the composer: people, rooms, emoji and commands, by keyboard and by touch."""

import pytest
from playwright.sync_api import Locator, Page, expect

from .pages import by_mouse_and_touch, is_touch_screen, wait_until_online, wait_until_stored

ADD_PEOPLE = """
    from django.contrib.auth import get_user_model
    from chat.domain import profiles, rooms
    from chat.models import Room
    made = []
    for handle, name, is_member in (("jose", "José Ángel", True), ("wang", "王小明", True), ("josh", "Josh", False)):
        user = get_user_model().objects.create_user(f"{handle}-{room}"[:30])
        profiles.change(user=user, display_name=f"{name} {room[-4:]}")
        if is_member:
            rooms.join(room=Room.objects.get(slug=room), user=user)
        made.append(user.get_username())
    result = made
"""
COMPOSING = """
(field) => {
    field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
    field.value = "@al";
    field.setSelectionRange(3, 3);
    field.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true, data: "al" }));
    const enter = { key: "Enter", keyCode: 229, isComposing: true, bubbles: true, cancelable: true };
    field.dispatchEvent(new KeyboardEvent("keydown", enter));
    return document.querySelector(".completion").hidden;
}
"""


@pytest.fixture
def people(site, room) -> list[str]:
    """Handles: José and 王小明 are members of the room, Josh is not."""
    return site.python(ADD_PEOPLE, room=room)


@pytest.fixture
def alice(site, room, open_page) -> Page:
    """Alice's page."""
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    return alice


def options(page: Page) -> Locator:
    """The options that are offered."""
    return page.locator(".completion:not([hidden]) [role=option]")


def type_in(page: Page, text: str) -> Locator:
    """Type a text at the end of the composer's field."""
    composer = page.locator("#composer")
    composer.press_sequentially(text)
    return composer


@by_mouse_and_touch
def test_a_person_is_found_by_a_name_without_its_accents_and_taken_by_a_click(alice, people):
    composer = type_in(alice, "Tea, @jose")
    expect(options(alice).first).to_contain_text("José Ángel")
    expect(options(alice).first).to_contain_text(f"@{people[0]}")
    # Members come first, and who is none is marked.
    expect(options(alice).filter(has_text="Josh")).to_have_count(0)
    options(alice).first.click()
    expect(composer).to_have_value(f"Tea, @{people[0]} ")
    expect(composer).to_be_focused()
    expect(options(alice)).to_have_count(0)
    composer.fill("@jos")
    expect(options(alice).filter(has_text="Josh").first).to_contain_text("not in this room")
    expect(options(alice).first).to_contain_text("José")
    composer.fill("你好@明")
    # Other rooms of the site may have a person of this name too.
    expect(options(alice).first).to_contain_text(f"@{people[1]}")
    options(alice).first.click()
    expect(composer).to_have_value(f"你好@{people[1]} ")


def test_the_keys_choose_take_and_close(alice, bob_is_online, people):
    composer = type_in(alice, "@")
    # Who is here comes before who is not; the reader comes last.
    expect(options(alice).first).to_contain_text("bob")
    expect(options(alice).first).to_have_attribute("aria-selected", "true")
    expect(composer).to_have_attribute("aria-expanded", "true")
    expect(options(alice).filter(has_text="everyone in this room")).to_have_count(1)
    composer.press("ArrowUp")
    last = options(alice).last
    expect(last).to_have_attribute("aria-selected", "true")
    assert composer.get_attribute("aria-activedescendant") == last.get_attribute("id")
    composer.press("ArrowDown")
    composer.press("Tab")
    expect(composer).to_have_value("@bob ")
    expect(composer).to_be_focused()
    type_in(alice, "and @")
    expect(options(alice).first).to_be_visible()
    composer.press("Escape")
    expect(options(alice)).to_have_count(0)
    assert composer.get_attribute("role") is None
    type_in(alice, "jose")
    expect(options(alice)).to_have_count(0)
    # The step back of the browser takes the completed name away again.
    composer.fill("@bo")
    expect(options(alice).first).to_contain_text("bob")
    composer.press("Enter")
    expect(composer).to_have_value("@bob ")
    composer.press("Control+z")
    expect(composer).to_have_value("@bo")
    # A name that is complete needs no completion: Enter sends.
    composer.fill("thanks @bob")
    expect(options(alice).first).to_contain_text("bob")
    composer.press("Enter")
    wait_until_stored(alice, "thanks @bob")


@pytest.fixture
def bob_is_online(site, room, open_page):
    """Bob has the room open."""
    wait_until_online(open_page(site, "bob", f"/rooms/{room}/"))


def test_nothing_is_completed_while_an_input_method_composes(alice, site, room):
    composer = alice.locator("#composer")
    composer.focus()
    assert composer.evaluate(COMPOSING)
    expect(composer).to_have_value("@al")
    composer.evaluate("(field) => field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }))")
    expect(options(alice).first).to_contain_text("alice")


@pytest.mark.core
@by_mouse_and_touch
def test_rooms_emoji_and_commands_are_completed(alice, site, room):
    composer = type_in(alice, "see #lob")
    expect(options(alice).first).to_contain_text("Lobby")
    options(alice).first.click()
    expect(composer).to_have_value("see #lobby ")
    composer.fill("well :tad")
    expect(options(alice).first).to_contain_text(":tada:")
    options(alice).first.click()
    expect(composer).to_have_value("well 🎉 ")
    composer.fill("")
    type_in(alice, "/")
    expect(options(alice)).to_have_count(9)
    type_in(alice, "to")
    expect(options(alice)).to_have_count(1)
    expect(options(alice)).to_contain_text("Change the topic")
    options(alice).click()
    expect(composer).to_have_value("/topic ")
    if not is_touch_screen(alice):
        type_in(alice, "Tea at five")
        composer.press("Enter")
        expect(alice.locator(".room-topic")).to_have_text("Tea at five")
        expect(composer).to_have_value("")


def test_names_in_code_are_not_completed(alice):
    composer = type_in(alice, "`@al")
    alice.wait_for_timeout(300)
    expect(options(alice)).to_have_count(0)
    composer.fill("```\n#lob")
    expect(options(alice)).to_have_count(0)
    # A search that is not hindered by anything has come meanwhile.
    composer.fill("#lob")
    expect(options(alice).first).to_be_visible()
