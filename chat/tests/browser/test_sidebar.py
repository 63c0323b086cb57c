"""The sidebar: sections, favourites and their order, muted and hidden rooms, badges, who is online."""

import re

import pytest
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, go_to_list, is_touch_screen, send, wait_until_online, wait_until_stored

START = """
    from django.contrib.auth import get_user_model
    from chat.domain import direct_rooms, messages, profiles, rooms, sidebar
    from chat.models import Room
    import uuid
    user = get_user_model().objects.get_by_natural_key
    def say(slug, who, body):
        messages.post(room=slug, author=user(who), body=body, client_id=uuid.uuid4())
"""

OPEN_DIRECT = "result = [direct_rooms.find_or_make(people=[user(name).pk], by=user(erin)).slug for name in names]"


@pytest.fixture
def python(site):
    """Function that runs code on the site, with `user(name)`, `say(slug, who, body)` and modules of the domain."""
    start = "\n".join(line[4:] for line in START.splitlines())
    return lambda code, **names: site.python(f"{start}\n{code}", **names)


@pytest.fixture
def erin(site, room):
    """The name of a person of this test's own, who is a member of three rooms."""
    name = f"erin-{room}"
    site.add_person(name)
    for slug in ("one", "two", "three"):
        site.add_room(slug=f"{slug}-{room}", name=slug.title(), members=[name])
    return name


@pytest.fixture
def fay(site, room):
    """The name of another person."""
    name = f"fay-{room}"
    site.add_person(name)
    return name


def link(page, slug):
    """A room's link in the list."""
    return page.locator(f'nav#rooms a[data-room="{slug}"]')


def named(page, name):
    """The link of the room that the list calls by this name."""
    return page.locator("nav#rooms a", has=page.locator(".room-link-name", has_text=re.compile(f"^{re.escape(name)}$")))


def section(page, name):
    """A section of the list."""
    return page.locator(f'nav#rooms [data-section="{name}"]')


def names_in(page, name):
    """The names of the rooms that a section shows."""
    return section(page, name).locator(".room-link-name")


def item_of(page, slug):
    """The item of a room in the list: its link, and the button of its menu."""
    return page.locator(".room-item", has=page.locator(f'a[data-room="{slug}"]'))


def choose(page, slug, action):
    """Choose an action of a room's menu."""
    item = item_of(page, slug)
    item.hover()
    item.locator(".room-more").click()
    page.locator(f'#room-menu [data-do="{action}"]').click()
    expect(page.locator("#room-menu")).to_be_hidden()


@pytest.mark.core
@by_mouse_and_touch
def test_erin_writes_to_fay_who_answers(site, room, open_page, erin, fay):
    hers, fays = open_page(site, erin, "/rooms/lobby/"), open_page(site, fay, "/rooms/lobby/")
    for page in (hers, fays):
        wait_until_online(page)
        go_to_list(page)
    hers.locator("[data-new-message]").click()
    dialog = hers.locator("#direct-dialog")
    expect(dialog.get_by_role("combobox")).to_be_focused()
    dialog.get_by_role("combobox").fill(fay)
    dialog.get_by_role("option", name=fay).click()
    dialog.get_by_role("button", name="Open conversation").click()
    expect(dialog).to_be_hidden()
    expect(hers.locator("#room-name")).to_have_text(fay)
    expect(hers).to_have_title(re.compile(f"^{fay} · "))
    # Fay sees nothing of it before the first message.
    wait_until_online(hers)
    expect(named(fays, erin)).to_have_count(0)
    send(hers, "Are you there?")
    wait_until_stored(hers, "Are you there?")
    badge = named(fays, erin).locator(".unread")
    expect(badge).to_have_text("1")
    expect(badge).to_have_attribute("aria-label", "Unread: 1")
    named(fays, erin).click()
    expect(fays.locator("#room-name")).to_have_text(erin)
    expect(fays.locator(".leave-link")).to_be_hidden()
    wait_until_stored(fays, "Are you there?")
    send(fays, "I am")
    wait_until_stored(hers, "I am")
    hers.reload()
    wait_until_stored(hers, "I am")
    expect(hers.locator("#room-name")).to_have_text(fay)


@by_mouse_and_touch
def test_the_direct_room_in_which_somebody_writes_comes_first(site, python, open_page, erin, fay):
    slugs = python(OPEN_DIRECT, erin=erin, names=["alice", "bob", fay])
    for slug in (slugs[1], slugs[0]):
        python("say(slug, erin, 'Before')", slug=slug, erin=erin)
    page = open_page(site, erin, f"/rooms/{slugs[0]}/")
    wait_until_online(page)
    go_to_list(page)
    # A room in which nobody has written yet has the time of its creation.
    expect(names_in(page, "direct")).to_have_text(["alice", "bob", fay])
    python("say(slug, name, 'Three')", slug=slugs[2], name=fay)
    expect(names_in(page, "direct")).to_have_text([fay, "alice", "bob"])
    link(page, slugs[1]).click()
    expect(page.locator(f'.room[data-room="{slugs[1]}"]')).to_be_visible()
    send(page, "Four")
    wait_until_stored(page, "Four")
    go_to_list(page)
    expect(names_in(page, "direct")).to_have_text(["bob", fay, "alice"])
    page.reload()
    expect(names_in(page, "direct")).to_have_text(["bob", fay, "alice"])


def test_the_room_under_the_pointer_stays_there_when_somebody_writes(site, python, open_page, erin, fay):
    slugs = python(OPEN_DIRECT, erin=erin, names=["alice", fay])
    page = open_page(site, erin, "/rooms/lobby/")
    wait_until_online(page)
    expect(names_in(page, "direct")).to_have_text([fay, "alice"])
    link(page, slugs[1]).hover()
    python("say(slug, 'alice', 'Ahoy')", slug=slugs[0])
    expect(link(page, slugs[0]).locator(".unread")).to_have_text("1")
    expect(names_in(page, "direct")).to_have_text([fay, "alice"], timeout=100)
    page.mouse.move(700, 300)
    expect(names_in(page, "direct")).to_have_text(["alice", fay])


def test_by_keyboard_erin_opens_the_same_room_again_and_one_with_two_people(site, open_page, erin, fay):
    hers = open_page(site, erin, "/rooms/lobby/")
    wait_until_online(hers)

    def start(*names):
        hers.locator("[data-new-message]").focus()
        hers.keyboard.press("Enter")
        for name in names:
            hers.keyboard.type(name)
            expect(hers.locator("#direct-dialog").get_by_role("option", name=name)).to_be_visible()
            hers.keyboard.press("Enter")
            expect(hers.locator("#direct-dialog .picker-chip", has_text=name)).to_be_visible()
        hers.keyboard.press("Enter")
        expect(hers.locator("#direct-dialog")).to_be_hidden()
        expect(hers.locator("#room-name")).to_have_text(", ".join(sorted(names)))
        return hers.url

    first = start(fay)
    both = start(fay, "bob")
    assert both != first
    assert start(fay) == first
    hers.locator("[data-new-message]").focus()
    hers.keyboard.press("Enter")
    hers.keyboard.press("Escape")
    hers.keyboard.press("Escape")
    expect(hers.locator("#direct-dialog")).to_be_hidden()
    expect(hers.locator("[data-new-message]")).to_be_focused()


@by_mouse_and_touch
def test_the_first_press_on_a_button_below_the_list_of_people_counts(site, open_page, erin):
    hers = open_page(site, erin, "/rooms/lobby/")
    wait_until_online(hers)
    go_to_list(hers)
    for _ in range(2):
        hers.locator("[data-new-message]").click()
        dialog = hers.locator("#direct-dialog")
        expect(dialog.get_by_role("option").first).to_be_visible()
        at = dialog.get_by_role("button", name="Cancel").bounding_box()
        press = hers.touchscreen.tap if is_touch_screen(hers) else hers.mouse.click
        press(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
        expect(dialog).to_be_hidden()


def test_a_picker_says_when_nobody_more_can_be_chosen(site, open_page, erin):
    names = [f"{erin}-{number}" for number in range(9)]
    for name in names:
        site.add_person(name)
    hers = open_page(site, erin, "/rooms/lobby/")
    wait_until_online(hers)
    hers.locator("[data-new-message]").click()
    dialog = hers.locator("#direct-dialog")
    for name in names[:8]:
        dialog.get_by_role("combobox").fill(name)
        dialog.get_by_role("option", name=name).click()
    dialog.get_by_role("combobox").fill(names[8])
    expect(dialog.locator(".picker-nobody")).to_have_text("No more than 8 people can be chosen.")
    hers.keyboard.press("Enter")
    expect(dialog.locator(".picker-chip")).to_have_count(8)
    expect(dialog.get_by_role("combobox")).to_have_value(names[8])


def test_the_person_that_enter_chooses_looks_other_than_the_one_under_the_pointer(site, open_page, erin):
    hers = open_page(site, erin, "/rooms/lobby/")
    wait_until_online(hers)
    hers.locator("[data-new-message]").click()
    options = hers.locator("#direct-dialog").get_by_role("option")
    options.nth(1).hover()
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    ring = "(option) => getComputedStyle(option).outlineStyle"
    assert [options.nth(place).evaluate(ring) for place in (0, 1)] == ["solid", "none"]


# Whether the list lies inside the dialog, above its buttons.
LIST_FITS = """
(dialog) => {
    const list = dialog.querySelector(".picker-found").getBoundingClientRect();
    return list.height > 80 && list.bottom <= dialog.querySelector(".dialog-buttons").getBoundingClientRect().top;
}
"""


@by_mouse_and_touch
def test_more_people_in_a_direct_conversation_start_another_one(site, open_page, python, erin, fay):
    slug = python("result = direct_rooms.find_or_make(people=[user(fay).pk], by=user(erin)).slug", erin=erin, fay=fay)
    hers = open_page(site, erin, f"/rooms/{slug}/")
    wait_until_online(hers)
    hers.locator(".room-open").click()
    hers.get_by_role("button", name="With more people").click()
    dialog = hers.locator("#direct-dialog")
    expect(dialog.locator(".picker-chip")).to_have_text([fay])
    dialog.get_by_role("combobox").fill("b")
    expect(dialog.get_by_role("option", name="bob")).to_be_visible()
    dialog.get_by_role("combobox").fill("bob")
    dialog.get_by_role("option", name="bob").click()
    dialog.get_by_role("button", name="Open conversation").click()
    expect(hers.locator("#room-name")).to_have_text(f"bob, {fay}")
    expect(hers.locator(".side-panel")).to_be_hidden()
    # The first one stays as it was.
    expect(named(hers, fay)).to_have_count(1)


@by_mouse_and_touch
def test_the_people_to_write_to_are_listed_above_the_buttons(site, open_page, erin):
    hers = open_page(site, erin, "/rooms/")
    wait_until_online(hers)
    hers.locator("[data-new-message]").first.click()
    expect(hers.locator("#direct-dialog [role=option]").nth(2)).to_be_visible()
    assert hers.locator("#direct-dialog").evaluate(LIST_FITS)


def test_erin_keeps_notes_by_choosing_herself(site, open_page, erin):
    hers = open_page(site, erin, "/rooms/lobby/")
    wait_until_online(hers)
    hers.locator("[data-new-message]").click()
    dialog = hers.locator("#direct-dialog")
    dialog.get_by_role("combobox").fill(erin)
    dialog.get_by_role("option", name=erin).click()
    dialog.get_by_role("button", name="Open conversation").click()
    expect(hers.locator("#room-name")).to_have_text("Notes to yourself")
    expect(hers.locator("#composer")).to_have_attribute("placeholder", "Write a note")
    send(hers, "milk, bread")
    wait_until_stored(hers, "milk, bread")
    expect(named(hers, "Notes to yourself")).to_have_attribute("aria-current", "page")


def test_the_dialog_says_why_a_closed_account_is_refused(site, open_page, python, erin, fay):
    hers = open_page(site, erin, "/rooms/lobby/")
    wait_until_online(hers)
    hers.locator("[data-new-message]").click()
    dialog = hers.locator("#direct-dialog")
    expect(dialog.get_by_role("button", name="Open conversation")).to_be_disabled()
    dialog.get_by_role("combobox").fill(fay)
    dialog.get_by_role("option", name=fay).click()
    python("get_user_model().objects.filter(handle=name).update(is_active=False)", name=fay)
    dialog.get_by_role("button", name="Open conversation").click()
    expect(dialog.get_by_role("alert").filter(has_text="account")).to_be_visible()
    expect(dialog).to_be_visible()


@pytest.mark.core
@by_mouse_and_touch
def test_favourites_have_an_order_on_all_devices(site, room, open_page, erin):
    one, two, three = (f"{name}-{room}" for name in ("one", "two", "three"))
    here, there = open_page(site, erin), open_page(site, erin)
    for page in (here, there):
        wait_until_online(page)
        expect(section(page, "favourites")).to_be_hidden()
    for slug in (one, two, three):
        choose(here, slug, "favourite")
        expect(section(here, "favourites").locator(f'a[data-room="{slug}"]')).to_be_visible()
    choose(here, three, "up")
    for page in (here, there):
        expect(names_in(page, "favourites")).to_have_text(["One", "Three", "Two"])
    choose(here, one, "down")
    for page in (here, there):
        expect(names_in(page, "favourites")).to_have_text(["Three", "One", "Two"])
    choose(there, one, "favourite")
    here.reload()
    expect(names_in(here, "favourites")).to_have_text(["Three", "Two"])
    expect(names_in(here, "rooms")).to_have_text(["One"])


def test_the_first_favourite_is_dragged_to_an_empty_place(site, room, open_page, erin):
    one, two = (f"{name}-{room}" for name in ("one", "two"))
    page = open_page(site, erin, f"/rooms/{one}/")
    wait_until_online(page)
    favourites = section(page, "favourites")
    link(page, two).hover()
    page.mouse.down()
    # A drag begins with the second move.
    page.mouse.move(120, 300)
    page.mouse.move(120, 310)
    expect(favourites.locator(".drop-place")).to_be_visible()
    favourites.locator(".drop-place").hover()
    page.mouse.up()
    expect(names_in(page, "favourites")).to_have_text(["Two"])
    expect(favourites.locator(".drop-place")).to_be_hidden()
    choose(page, two, "favourite")
    expect(favourites).to_be_hidden()
    # A drag that ends elsewhere takes the place away. No room is where the place is.
    top = link(page, one).bounding_box()["y"]
    link(page, one).hover()
    page.mouse.down()
    page.mouse.move(120, 300)
    page.mouse.move(120, 310)
    expect(favourites.locator(".drop-place")).to_be_visible()
    assert link(page, one).bounding_box()["y"] == top
    section(page, "direct").locator(".section-fold").hover()
    page.mouse.up()
    expect(favourites).to_be_hidden()
    expect(names_in(page, "rooms")).to_have_text(["One", "Three", "Two"])


def test_favourites_are_dragged_with_a_mouse(site, room, open_page, erin):
    one, two, three = (f"{name}-{room}" for name in ("one", "two", "three"))
    page = open_page(site, erin, f"/rooms/{one}/")
    wait_until_online(page)
    choose(page, one, "favourite")
    expect(names_in(page, "favourites")).to_have_text(["One"])
    link(page, two).drag_to(link(page, one), target_position={"x": 40, "y": 4})
    expect(names_in(page, "favourites")).to_have_text(["Two", "One"])
    link(page, two).drag_to(link(page, one), target_position={"x": 40, "y": 34})
    expect(names_in(page, "favourites")).to_have_text(["One", "Two"])
    link(page, three).drag_to(section(page, "rooms").locator(".section-fold"))
    expect(names_in(page, "rooms")).to_have_text(["Three"])
    expect(page).to_have_url(re.compile(f"/rooms/{one}/$"))


def test_by_keyboard_the_menu_of_a_room_opens_moves_and_closes(site, room, open_page, erin):
    page = open_page(site, erin, f"/rooms/one-{room}/")
    wait_until_online(page)
    more = item_of(page, f"two-{room}").get_by_role("button", name="Options for Two")
    more.focus()
    page.keyboard.press("Enter")
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitem", name="Add to favourites")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("menuitem", name="Mute")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("menuitem", name="Add to favourites")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(more).to_be_focused()
    link(page, f"two-{room}").click(button="right")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    expect(menu).to_be_hidden()


@by_mouse_and_touch
def test_a_muted_room_shows_its_mentions_only(site, room, open_page, python, erin):
    two = f"two-{room}"
    page = open_page(site, erin)
    wait_until_online(page)
    python("say(slug, 'alice', 'news')", slug=two)
    badge = link(page, two).locator(".unread")
    expect(badge).to_have_text("1")
    expect(page).to_have_title(re.compile(r"^\(1\)"))
    choose(page, two, "mute")
    expect(badge).to_be_hidden()
    expect(link(page, two)).to_contain_class("muted")
    expect(link(page, two)).to_have_accessible_name(re.compile("muted"))
    expect(page).not_to_have_title(re.compile(r"^\("))
    python("say(slug, 'alice', f'@{name} look')\nsay(slug, 'alice', f'@{name} now')", slug=two, name=erin)
    expect(badge).to_have_text("2")
    expect(badge).to_contain_class("mentioned")
    expect(badge).to_have_attribute("aria-label", "Unread: 3, mentions of you: 2")
    assert "@" in badge.evaluate("(badge) => getComputedStyle(badge, '::before').content")
    choose(page, two, "mute")
    expect(link(page, two)).not_to_contain_class("muted")


@by_mouse_and_touch
def test_erin_switches_to_a_room_with_several_people_whose_names_change(site, open_page, python, erin, fay):
    gus = erin.replace("erin", "gus")
    site.add_person(gus)
    slug = python(
        """
room = direct_rooms.find_or_make(people=[user(fay).pk, user(gus).pk], by=user(erin))
say(room.slug, fay, "both of you")
result = room.slug
""",
        erin=erin,
        fay=fay,
        gus=gus,
    )
    here, there = open_page(site, erin, "/rooms/lobby/"), open_page(site, erin, "/rooms/lobby/")
    for page in (here, there):
        wait_until_online(page)
        go_to_list(page)
    here.evaluate("window.isFirstPage = true")
    link(here, slug).click()
    expect(here.locator("#room-name")).to_have_text(f"{fay}, {gus}")
    wait_until_stored(here, "both of you")
    # A name that changes is another one in both windows: in the list, in the heading and above the messages.
    python("profiles.change(user=user(fay), display_name=f'Ms {fay}')", fay=fay)
    expect(link(there, slug).locator(".room-link-name")).to_have_text(f"Ms {fay}, {gus}")
    expect(here.locator("#room-name")).to_have_text(f"Ms {fay}, {gus}")
    expect(here).to_have_title(re.compile(f"Ms {fay}, {gus} · "))
    expect(here.locator(".log .author").last).to_have_text(f"Ms {fay}")
    send(here, "We are here")
    wait_until_stored(here, "We are here")
    here.go_back()
    here.go_forward()
    expect(here.locator("#room-name")).to_have_text(f"Ms {fay}, {gus}")
    wait_until_stored(here, "We are here")
    assert here.evaluate("window.isFirstPage")


def test_more_favourites_than_the_sidebar_takes_are_refused_with_a_sentence(site, open_page, python, erin):
    slugs = python(
        """
made = [rooms.create(slug=f"f{n}-{erin}", name=f"F {n}", by=user("alice")) for n in range(sidebar.MAX_FAVOURITES + 1)]
for room in made:
    rooms.join(room=room, user=user(erin))
for room in made[:-1]:
    sidebar.favourite(room=room.slug, user=user(erin), on=True)
result = [room.slug for room in made]
""",
        erin=erin,
    )
    page = open_page(site, erin, "/rooms/lobby/")
    wait_until_online(page)
    expect(names_in(page, "favourites")).to_have_count(len(slugs) - 1)
    choose(page, slugs[-1], "favourite")
    expect(page.locator("#notice")).to_have_text(re.compile("You have 50 favourites: remove one first."))
    expect(names_in(page, "favourites")).to_have_count(len(slugs) - 1)
    choose(page, slugs[0], "favourite")
    choose(page, slugs[-1], "favourite")
    expect(names_in(page, "favourites").last).to_have_text(f"F {len(slugs) - 1}")


@by_mouse_and_touch
def test_a_hidden_room_comes_back_with_the_next_message(site, open_page, python, erin, fay):
    slug = python(
        """
room = direct_rooms.find_or_make(people=[user(fay).pk], by=user(erin))
say(room.slug, fay, "one")
result = room.slug
""",
        erin=erin,
        fay=fay,
    )
    here, there = open_page(site, erin), open_page(site, erin)
    for page in (here, there):
        wait_until_online(page)
        expect(link(page, slug).locator(".unread")).to_have_text("1")
    choose(here, slug, "hide")
    for page in (here, there):
        expect(link(page, slug)).to_have_count(0)
        expect(page).not_to_have_title(re.compile(r"^\("))
    here.reload()
    wait_until_online(here)
    expect(link(here, slug)).to_have_count(0)
    python("say(slug, fay, 'two')", slug=slug, fay=fay)
    for page in (here, there):
        expect(link(page, slug).locator(".unread")).to_have_text("1")


def test_hiding_rooms_by_keyboard_moves_the_focus_to_the_next_room_then_to_the_head(site, open_page, python, erin, fay):
    slugs = python(OPEN_DIRECT, erin=erin, names=["alice", fay])
    page = open_page(site, erin, "/rooms/lobby/")
    wait_until_online(page)
    expect(names_in(page, "direct")).to_have_text([fay, "alice"])

    def hide(slug):
        item_of(page, slug).locator(".room-more").focus()
        for key in ("Enter", "End", "Enter"):
            page.keyboard.press(key)
        expect(link(page, slug)).to_have_count(0)

    hide(slugs[1])
    expect(link(page, slugs[0])).to_be_focused()
    hide(slugs[0])
    expect(section(page, "direct").locator(".section-fold")).to_be_focused()


def test_the_menu_of_a_room_that_leaves_the_list_closes_and_the_next_has_the_focus(site, room, open_page, python, erin):
    one, two, three = (f"{name}-{room}" for name in ("one", "two", "three"))
    page = open_page(site, erin, f"/rooms/{two}/")
    wait_until_online(page)
    menu = page.locator("#room-menu")

    def open_menu(slug):
        item_of(page, slug).locator(".room-more").focus()
        page.keyboard.press("Enter")
        expect(menu.get_by_role("menuitem").first).to_be_focused()

    open_menu(one)
    # Another room is drawn again: the menu stays.
    python("say(slug, 'alice', 'Ahoy')", slug=three)
    expect(link(page, three).locator(".unread")).to_have_text("1")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    python("rooms.archive(room=Room.objects.get(slug=slug))", slug=one)
    expect(menu).to_be_hidden()
    expect(link(page, three)).to_be_focused()
    open_menu(three)
    python("rooms.remove(room=Room.objects.get(slug=slug), user=user(erin))", slug=three, erin=erin)
    expect(menu).to_be_hidden()
    expect(link(page, two)).to_be_focused()
    # The room that is shown stays in the list without a menu, and nothing comes after it.
    open_menu(two)
    python("rooms.leave(room=Room.objects.get(slug=slug), user=user(erin))", slug=two, erin=erin)
    expect(menu).to_be_hidden()
    expect(section(page, "rooms").locator(".section-fold")).to_be_focused()


@by_mouse_and_touch
def test_folded_sections_stay_folded_and_show_news(site, room, open_page, python, erin):
    here, there = open_page(site, erin), open_page(site, erin)
    for page in (here, there):
        wait_until_online(page)
        expect(names_in(page, "rooms")).to_have_count(3)
    fold = section(here, "rooms").get_by_role("button", name="Rooms", exact=True)
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "false")
    for page in (here, there):
        expect(names_in(page, "rooms")).to_have_count(0)
    here.reload()
    wait_until_online(here)
    expect(names_in(here, "rooms")).to_have_count(0)
    python("say(slug, 'alice', 'news')", slug=f"two-{room}")
    expect(names_in(here, "rooms")).to_have_text(["Two"])
    fold.click()
    for page in (here, there):
        expect(names_in(page, "rooms")).to_have_count(3)


def test_archived_rooms_are_folded_away_and_have_no_badge(site, room, open_page, python, erin):
    page = open_page(site, erin, f"/rooms/one-{room}/")
    wait_until_online(page)
    expect(section(page, "archived")).to_be_hidden()
    python("say(slug, 'alice', 'news')\nrooms.archive(room=Room.objects.get(slug=slug))", slug=f"two-{room}")
    expect(section(page, "archived")).to_be_visible()
    expect(names_in(page, "rooms")).to_have_text(["One", "Three"])
    expect(names_in(page, "archived")).to_have_count(0)
    section(page, "archived").get_by_role("button", name="Archived", exact=True).click()
    expect(names_in(page, "archived")).to_have_text(["Two"])
    expect(section(page, "archived").locator(".unread")).to_be_hidden()
    expect(page).not_to_have_title(re.compile(r"^\("))


def test_erin_sees_when_fay_is_online(site, open_page, python, erin, fay):
    slug = python("result = direct_rooms.find_or_make(people=[user(fay).pk], by=user(erin)).slug", erin=erin, fay=fay)
    page = open_page(site, erin, "/rooms/lobby/")
    wait_until_online(page)
    dot = link(page, slug).locator(".presence")
    expect(dot).to_be_visible()
    expect(dot).not_to_contain_class("online")
    fays = open_page(site, fay, "/rooms/lobby/")
    expect(dot).to_contain_class("online")
    expect(link(page, slug)).to_have_accessible_name(re.compile("online"))
    fays.context.close()
    expect(dot).not_to_contain_class("online")


def test_a_guest_has_one_section_which_folds_on_the_page(site, open_page, python, room):
    python("rooms.change(room=Room.objects.get(slug=slug), guests='read')", slug=room)
    guest = open_page(site, None, f"/rooms/{room}/")
    wait_until_online(guest)
    expect(section(guest, "direct")).to_have_count(0)
    expect(guest.locator("[data-new-message]")).to_have_count(0)
    expect(guest.locator(".room-more").first).to_be_hidden()
    section(guest, "rooms").get_by_role("button", name="Rooms", exact=True).click()
    # The room that is shown stays in the list.
    expect(link(guest, room)).to_be_visible()
