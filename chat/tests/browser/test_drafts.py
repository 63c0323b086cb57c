"""A draft is the same on all devices of a person within a second, and gone when it is sent."""

import pytest
from playwright.sync_api import expect

from .pages import message, send, wait_until_online, wait_until_stored


@pytest.fixture
def uma(site, room) -> str:
    """The name of a person of this test's own, who is a member of two rooms, `tea-…` and `cake-…`."""
    name = f"uma-{room}"
    site.add_person(name)
    for slug in ("tea", "cake"):
        site.add_room(slug=f"{slug}-{room}", name=f"{slug.title()} {room}", members=[name])
    return name


@pytest.fixture
def desk(site, open_page, uma, room):
    """Uma's computer, with the room `tea-…`."""
    page = open_page(site, uma, f"/rooms/tea-{room}/", unshared=True)
    wait_until_online(page)
    return page


@pytest.fixture
def phone(site, open_page, uma, room):
    """Uma's phone, with the room `tea-…`."""
    page = open_page(
        site,
        uma,
        f"/rooms/tea-{room}/",
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    )
    wait_until_online(page)
    return page


def field(page):
    return page.locator("#composer")


@pytest.mark.core
def test_a_draft_is_the_same_on_both_devices_and_gone_when_it_is_sent(desk, phone):
    field(desk).press_sequentially("Half a thought")
    expect(field(phone)).to_have_value("Half a thought")
    field(phone).press_sequentially(", and the rest")
    expect(field(desk)).to_have_value("Half a thought, and the rest")
    desk.reload()
    expect(field(desk)).to_have_value("Half a thought, and the rest")
    field(desk).press("Enter")
    wait_until_stored(phone, "and the rest")
    expect(field(phone)).to_have_value("")
    phone.reload()
    wait_until_online(phone)
    expect(field(phone)).to_have_value("")


def test_the_text_under_the_hands_of_a_person_is_never_replaced(desk, phone):
    field(desk).press_sequentially("First")
    expect(field(phone)).to_have_value("First")
    field(phone).fill("Written on the phone")
    # While that arrives, and for longer than a draft is on its way.
    for letter in " is what I type here":
        field(desk).press(letter if letter != " " else "Space")
        desk.wait_for_timeout(60)
        assert field(desk).input_value().startswith("First")
    expect(field(phone)).to_have_value("First is what I type here")
    expect(field(desk)).to_have_value("First is what I type here")


def test_a_draft_of_8001_characters_reaches_the_other_device(desk, phone):
    field(desk).fill("é" * 8001)
    expect(field(phone)).to_have_value("é" * 8001)
    expect(phone.locator(".compose .send")).to_be_disabled()
    field(phone).press("End")
    phone.keyboard.press("Backspace")
    expect(field(desk)).to_have_value("é" * 8000)


def test_two_devices_that_send_the_same_draft_make_one_message(site, desk, phone, room):
    field(desk).press_sequentially("Only once")
    expect(field(phone)).to_have_value("Only once")
    for page in (desk, phone):
        page.evaluate("document.querySelector('.compose').requestSubmit()")
    for page in (desk, phone):
        wait_until_stored(page, "Only once")
        expect(message(page, "Only once")).to_have_count(1)
    send(desk, "And then")
    wait_until_stored(phone, "And then")
    expect(message(phone, "Only once")).to_have_count(1)


def test_the_list_of_drafts_and_its_link_in_the_sidebar(desk, phone, room):
    link = desk.locator("[data-overview=drafts]")
    expect(link).to_be_hidden()
    field(desk).press_sequentially("For tea")
    # The draft of the room that is shown needs no link.
    expect(field(phone)).to_have_value("For tea")
    expect(link).to_be_hidden()
    desk.locator(f"#rooms a[href='/rooms/cake-{room}/']").click()
    expect(link).to_be_visible()
    expect(link.locator(".kept-count")).to_have_text("1")
    link.click()
    entry = desk.locator(".overview-draft")
    expect(entry).to_contain_text("For tea")
    expect(entry).to_contain_text(f"Tea {room}")
    # The other device goes on: the list follows.
    field(phone).press_sequentially(" and cake")
    expect(entry).to_contain_text("For tea and cake")
    entry.get_by_role("button").click()
    expect(desk.locator(".overview-empty")).to_be_visible()
    expect(field(phone)).to_have_value("")
