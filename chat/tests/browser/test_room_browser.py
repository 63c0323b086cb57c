"""The list of all rooms, a new room, an admin's first visit, and the way back to the last room."""

import re

import pytest
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, is_touch_screen, send, wait_until_online, wait_until_stored

ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"
)


def in_list(page, room):
    """A room's link in the sidebar."""
    return page.locator(f"nav#rooms a[data-room={room}]")


def open_browser(page):
    """Open the list of all rooms by the + in the sidebar, which on a phone is on the home page."""
    if is_touch_screen(page) and "/rooms/" in page.url and not page.url.endswith("/rooms/"):
        page.get_by_role("link", name="All rooms").tap()
    page.get_by_role("button", name="Browse and create rooms").click()
    dialog = page.get_by_role("dialog", name="All rooms")
    expect(dialog).to_be_visible()
    return dialog


def listed(place, name):
    """A room in a list of all rooms."""
    title = place.page.locator(".listed-name", has_text=re.compile(f"^{re.escape(name)}$"))
    return place.locator(".listed-room").filter(has=title)


@pytest.mark.core
@by_mouse_and_touch
def test_bob_finds_a_new_room_in_the_open_list_and_joins_it_in_place(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    wait_until_online(bob)
    dialog = open_browser(bob)
    # On a touch screen the focus in the field would open the keyboard.
    opened_at = dialog.locator("[data-close-browser]") if is_touch_screen(bob) else dialog.get_by_label("Find a room")
    expect(opened_at).to_be_focused()
    name = f"Biscuits of {room}"
    dialog.get_by_label("Find a room").fill(f"biscuits OF {room}")
    expect(dialog.locator(".no-listed")).to_be_visible()

    alice_list = open_browser(alice)
    alice_list.get_by_role("button", name="New room").click()
    new = alice.get_by_role("dialog", name="New room")
    expect(new.get_by_label("Name", exact=True)).to_be_focused()
    new.get_by_label("Name", exact=True).fill(name)
    new.get_by_label("Topic (optional)").fill("Crumbs")
    new.get_by_role("combobox").press_sequentially("charl")
    new.get_by_role("option", name="charlie").click()
    new.get_by_role("button", name="Create room").click()
    expect(alice.locator(".room-name-text")).to_have_text(name)
    expect(alice.locator(".room-topic")).to_have_text("Crumbs")

    found = listed(dialog, name)
    expect(found.locator(".listed-facts")).to_have_text("2 members · no messages yet")
    expect(found.locator(".listed-topic")).to_have_text("Crumbs")
    found.get_by_role("button", name=f"Join {name}").click()
    expect(found.locator(".listed-joined")).to_be_visible()
    expect(found.locator(".listed-name")).to_be_focused()
    expect(found.locator(".listed-facts")).to_have_text("3 members · no messages yet")
    expect(found.locator(".listed-name")).to_be_focused()
    slug = site.python("from chat.models import Room\nresult = Room.objects.get(name=name).slug", name=name)
    expect(in_list(bob, slug)).to_have_count(1)
    found.locator(".listed-name").click()
    expect(bob.locator(".room-name-text")).to_have_text(name)
    send(bob, "Mine are gone")
    wait_until_stored(alice, "Mine are gone")


def test_the_members_of_rooms_are_counted_again_when_the_window_gets_the_focus(site, room, open_page):
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    dialog = open_browser(bob)
    dialog.get_by_label("Find a room").fill(room)
    facts = dialog.locator(f"[data-room={room}] .listed-facts")
    expect(facts).to_have_text(re.compile("^2 members"))
    site.python(
        """
        from django.contrib.auth import get_user_model
        from chat.domain import rooms
        from chat.models import Room
        charlie = get_user_model().objects.get_by_natural_key("charlie")
        rooms.join(room=Room.objects.get(slug=room), user=charlie)
        """,
        room=room,
    )
    bob.evaluate("dispatchEvent(new Event('focus'))")
    expect(facts).to_have_text(re.compile("^3 members"))


@pytest.mark.core
@by_mouse_and_touch
def test_a_private_room_is_made_for_its_first_members_alone(site, room, open_page):
    alice, bob = open_page(site, "alice", "/rooms/"), open_page(site, "bob", f"/rooms/{room}/")
    charlie = open_page(site, "charlie", "/rooms/")
    for page in (alice, bob, charlie):
        wait_until_online(page)
    name = f"茶 🍵 {room}"
    alice.locator("main").get_by_role("button", name="New room").click()
    new = alice.get_by_role("dialog", name="New room")
    new.get_by_label("Name", exact=True).fill("\u3164")
    new.get_by_role("button", name="Create room").click()
    expect(new.locator(".form-error")).to_have_text("Choose a name.")
    new.get_by_label("Name", exact=True).fill(name)
    new.locator(".kinds label", has_text="Private").click()
    new.get_by_role("combobox").press_sequentially("bo")
    expect(new.get_by_role("option", name="bob")).to_be_visible()
    new.get_by_role("combobox").press("Enter")
    expect(new.locator(".picker-chip")).to_have_text(["bob"])
    new.get_by_role("button", name="Create room").click()
    expect(alice.locator(".room-name-text")).to_have_text(name)
    slug = site.python("from chat.models import Room\nresult = Room.objects.get(name=name).slug", name=name)
    expect(in_list(bob, slug)).to_have_count(1)
    charlie.locator("main").get_by_label("Find a room").fill(room)
    expect(listed(charlie.locator("main"), room.capitalize())).to_be_visible()
    expect(listed(charlie.locator("main"), name)).to_have_count(0)


def test_rooms_are_made_and_people_chosen_by_keyboard_alone(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    alice.get_by_role("button", name="Browse and create rooms").focus()
    alice.keyboard.press("Enter")
    alice.get_by_role("dialog", name="All rooms").get_by_role("button", name="New room").focus()
    alice.keyboard.press("Enter")
    new = alice.get_by_role("dialog", name="New room")
    expect(new.get_by_label("Name", exact=True)).to_be_focused()
    alice.keyboard.type(f"Keys of {room}")
    field = new.get_by_role("combobox")
    field.focus()
    # Each Enter comes before the server's answer, and chooses what was typed before it.
    for name in ("bob", "char"):
        alice.keyboard.type(name)
        alice.keyboard.press("Enter")
    expect(new.locator(".picker-chip")).to_have_text(["bob", "charlie"])
    alice.keyboard.press("Backspace")
    expect(new.locator(".picker-chip")).to_have_text(["bob"])
    alice.keyboard.type("zzz")
    expect(new.locator(".picker-nobody")).to_contain_text("zzz")
    for _ in "zzz":
        alice.keyboard.press("Backspace")
    expect(new.locator(".picker-nobody")).to_be_hidden()
    expect(new.get_by_role("listbox", name="People")).to_be_hidden()
    alice.keyboard.press("Enter")
    expect(alice.locator(".room-name-text")).to_have_text(f"Keys of {room}")
    members = """
        from chat.models import Membership
        result = sorted(Membership.objects.filter(room__name=name).values_list("user__handle", flat=True))
    """
    assert site.python(members, name=f"Keys of {room}") == ["alice", "bob"]


@by_mouse_and_touch
def test_only_people_who_may_create_a_room_are_offered_one(make_site, open_page):
    site = make_site(redis=True, CHAT_POST_RATE=0)
    allow = "from chat.models import Site\nSite.objects.update(who_creates_public='staff', {}='moderators')"
    site.python(allow.format("who_creates_private"))
    charlie, alice = open_page(site, "charlie", "/rooms/"), open_page(site, "alice", "/rooms/")
    wait_until_online(charlie)
    expect(listed(charlie.locator("main"), "Tea")).to_be_visible()
    expect(charlie.locator("main").get_by_role("button", name="New room")).to_be_hidden()
    # Alice owns a public room.
    alice.locator("main").get_by_role("button", name="New room").click()
    new = alice.get_by_role("dialog", name="New room")
    expect(new.locator(".kinds label", has_text="Public")).to_be_hidden()
    expect(new.locator(".kinds label", has_text="Private")).to_be_visible()
    with_right = charlie.locator("main").get_by_role("button", name="New room")
    site.python("from chat.domain import sites\nsites.allow(who_creates_public='everyone')")
    expect(with_right).to_be_visible()
    site.python("from chat.domain import sites\nsites.allow(who_creates_public='staff')")
    expect(with_right).to_be_hidden()
    new.get_by_label("Name", exact=True).fill("Staff only")
    new.get_by_role("button", name="Create room").click()
    expect(alice.locator(".room-name-text")).to_have_text("Staff only")


def test_a_dialog_for_a_room_that_nobody_may_create_any_more_says_so(make_site, open_page):
    site = make_site()
    charlie = open_page(site, "charlie", "/rooms/")
    wait_until_online(charlie)
    # Without an event: the page does not know yet.
    site.python(
        "from chat.models import Site\nSite.objects.update(who_creates_public='staff', who_creates_private='staff')"
    )
    charlie.locator("main").get_by_role("button", name="New room").click()
    new = charlie.get_by_role("dialog", name="New room")
    expect(new.get_by_role("alert")).to_have_text(
        "This site does not allow you to create rooms. Ask one of its admins."
    )
    expect(new.get_by_role("button", name="Create room")).to_be_disabled()
    expect(new.locator(".kinds")).to_be_hidden()


@by_mouse_and_touch
def test_an_admin_in_an_empty_lobby_is_shown_what_to_do_first(make_site, open_page):
    site = make_site(CHAT_POST_RATE=0)
    admin, alice = open_page(site, "admin", "/rooms/lobby/"), open_page(site, "alice", "/rooms/lobby/")
    admin.context.grant_permissions(["clipboard-read", "clipboard-write"])
    wait_until_online(admin)
    cards = admin.locator(".first-run")
    expect(cards.get_by_role("heading", name="Choose your picture")).to_be_visible()
    # A phone shows the beginning, not the end of the cards.
    expect(cards.get_by_role("heading", name="Your site is ready")).to_be_in_viewport(ratio=1)
    assert admin.evaluate("timeline.scrollTop") == 0
    expect(alice.locator(".first-run")).to_have_count(0)
    cards.get_by_role("button", name="Copy the link").click()
    expect(cards.locator(".invite-state")).to_have_text("The link was copied.")
    link = admin.evaluate("navigator.clipboard.readText()")
    newcomer = open_page(site, None, link.removeprefix(site.url))
    expect(newcomer.get_by_role("button", name="Create account")).to_be_visible()
    cards.get_by_role("button", name="New room").click()
    expect(admin.get_by_role("dialog", name="New room")).to_be_visible()
    admin.keyboard.press("Escape")
    send(alice, "Hello")
    expect(cards).to_be_hidden()


def test_opening_the_site_and_signing_in_lead_to_the_last_room(site, room, open_page):
    # A person of this test alone, who signs out.
    site.add_person("samuel")
    slugs = [site.add_room(f"{name}-{room}", members=("samuel",)) for name in ("first", "last")]
    samuel = open_page(site, "samuel", "/")
    expect(samuel).to_have_url(f"{site.url}/rooms/")
    expect(samuel.get_by_role("heading", name="All rooms", level=1)).to_be_visible()
    expect(samuel.locator("main")).to_have_count(1)
    for slug in slugs:
        in_list(samuel, slug).click()
        expect(samuel).to_have_url(f"{site.url}/rooms/{slug}/")
    samuel.goto(site.url)
    expect(samuel).to_have_url(f"{site.url}/rooms/{slugs[1]}/")
    wait_until_online(samuel)
    samuel.get_by_role("link", name="Parley").click()
    expect(samuel).to_have_url(f"{site.url}/rooms/")
    # Who signs out leaves nothing behind.
    samuel.locator(".account-menu summary").click()
    samuel.get_by_role("button", name="Sign out").click()
    samuel.wait_for_url("**/accounts/login/**")
    assert "parley_room" not in {cookie["name"] for cookie in samuel.context.cookies()}


def test_on_a_phone_the_site_opens_with_the_list_of_rooms(site, room, open_page):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "user_agent": ANDROID}
    bob = open_page(site, "bob", f"/rooms/{room}/", **phone)
    wait_until_online(bob)
    bob.goto(site.url)
    expect(bob).to_have_url(f"{site.url}/rooms/")
    expect(in_list(bob, room)).to_be_visible()
    expect(bob.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_home_lists_all_rooms_and_what_happened_in_them(site, room, open_page, width):
    site.python(
        """
        import uuid
        from django.contrib.auth import get_user_model
        from chat.domain import messages
        bob = get_user_model().objects.get_by_natural_key("bob")
        messages.post(room=room, author=bob, body="news", client_id=uuid.uuid4())
        """,
        room=room,
    )
    charlie = open_page(site, "charlie", "/rooms/", viewport={"width": width, "height": 800})
    wait_until_online(charlie)
    charlie.get_by_label("Find a room").first.fill(room)
    found = listed(charlie.locator("main"), room.capitalize())
    expect(found.locator(".listed-facts")).to_have_text("2 members · last message: Today")
    assert charlie.evaluate("document.documentElement.scrollWidth") <= width
