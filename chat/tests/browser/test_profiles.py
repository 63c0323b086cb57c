"""Profiles in two browsers: a change of one person is seen at once in the other's open page, old messages included."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, message, send, wait_until_online, wait_until_stored


def photo() -> dict:
    out = io.BytesIO()
    Image.effect_noise((900, 600), 90).convert("RGB").save(out, "JPEG")
    return {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@by_mouse_and_touch
def test_a_new_name_picture_and_status_reach_the_open_page_of_bob(fresh_site, open_page):
    room = fresh_site.add_room()
    alice = open_page(fresh_site, "alice", f"/rooms/{room}/")
    bob = open_page(fresh_site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    wait_until_online(bob)
    send(alice, "an old message")
    wait_until_stored(alice, "an old message")
    old = message(bob, "an old message")
    expect(old.locator(".author")).to_have_text("alice")

    alice.goto(fresh_site.workers[0].url + "/profile/")
    alice.locator("[name=display_name]").fill("Alice Archer")
    alice.locator("[data-status='On holiday']").click()
    alice.get_by_role("button", name="Save").click()
    expect(alice.locator(".note")).to_contain_text("was saved")
    expect(old.locator(".author")).to_have_text("Alice Archer")
    expect(old.locator(".status-emoji")).to_have_attribute("title", "On holiday")

    # A file that the browser cannot show, as a photo of some phones: it is not sent, however large it is.
    unknown = {"name": "me.heic", "mimeType": "image/heic", "buffer": b"\0" * 3_000_000}
    alice.locator("#picture").set_input_files(unknown)
    expect(alice.get_by_role("alert")).to_contain_text("cannot show this file")
    expect(alice.locator(".profile-now .avatar")).to_have_text("AA")

    alice.locator("#picture").set_input_files(photo())
    expect(alice.locator("[data-unreadable]")).to_be_hidden()
    expect(alice.locator(".crop canvas")).to_be_focused()
    for key in ("ArrowRight", "+", "ArrowDown"):
        alice.keyboard.press(key)
    alice.get_by_role("button", name="Use this picture").click()
    expect(alice.locator(".profile-now img")).to_be_visible()
    expect(old.locator(".avatar img")).to_have_js_property("naturalWidth", 256)

    alice.get_by_role("button", name="Remove picture").click()
    expect(old.locator(".avatar")).to_have_text("AA")


def test_what_is_typed_stays_while_the_picture_is_sent_and_is_restored_once(fresh_site, open_page):
    page = open_page(fresh_site, "alice", "/profile/")
    title, theme, reading = (page.locator(f"[name={name}]") for name in ("title", "theme][value=dark", "shows_reading"))
    title.fill("Harbour master")
    theme.check()
    reading.uncheck()
    page.locator("#picture").set_input_files(photo())
    expect(page.locator(".crop canvas")).to_be_focused()
    page.get_by_role("button", name="Use this picture").click()
    expect(page.locator(".profile-now img")).to_be_visible()
    expect(title).to_have_value("Harbour master")
    page.get_by_role("button", name="Remove picture").click()
    expect(page.locator(".profile-now img")).to_have_count(0)
    expect(title).to_have_value("Harbour master")
    expect(theme).to_be_checked()
    expect(reading).not_to_be_checked()
    # What was kept for another person of this tab stays where it is.
    page.evaluate("sessionStorage['parley.profile.u:0'] = JSON.stringify([['title', 'of another']])")
    page.goto(page.url)
    expect(title).to_have_value("")
    expect(theme).not_to_be_checked()


@pytest.mark.core
@by_mouse_and_touch
def test_a_click_on_a_name_opens_the_card_with_mention_and_message(site, room, open_page):
    # A person of this test's own: other tests compare the names and rooms of Alice.
    site.add_person(name := f"archer-{room}")
    room = site.add_room(owner=name)
    change = """
        from django.contrib.auth import get_user_model
        from chat.domain import profiles
        user = get_user_model().objects.get(handle=handle)
        profiles.change(user=user, display_name="Alice Archer", title=title, time_zone=zone)
    """
    site.python(change, handle=name, title="Smith", zone="Asia/Tokyo")
    alice = open_page(site, name, f"/rooms/{room}/")
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    wait_until_online(bob)
    send(alice, "Ahoy")
    wait_until_stored(alice, "Ahoy")
    message(bob, "Ahoy").locator(".author").click()
    card = bob.locator("#person-card")
    expect(card.locator(".card-name")).to_have_text("Alice Archer")
    expect(card.locator(".card-handle")).to_have_text(f"@{name}")
    expect(card.locator(".card-title")).to_have_text("Smith")
    expect(card.locator(".card-roles")).to_contain_text("Owner")
    expect(card.locator(".card-time")).to_contain_text("Local time")
    site.python(change, handle=name, title="Farrier", zone="")
    expect(card.locator(".card-title")).to_have_text("Farrier")
    expect(card.locator(".card-time")).to_be_hidden()
    card.locator("[data-mention]").click()
    expect(card).not_to_be_visible()
    expect(bob.locator("#composer")).to_have_value(f"@{name} ")

    message(bob, "Ahoy").locator(".avatar").click()
    bob.keyboard.press("Escape")
    expect(card).not_to_be_visible()
    message(bob, "Ahoy").locator(".avatar").click()
    card.locator("[data-message]").click()
    expect(bob.locator(".room-name")).to_have_text("Alice Archer")


def test_a_mention_shows_the_present_name_of_somebody_who_is_not_there(fresh_site, open_page):
    room = fresh_site.add_room()
    fresh_site.add_person("carol")
    rename = """
        from django.contrib.auth import get_user_model
        from chat.domain import profiles
        carol = get_user_model().objects.get(handle="carol")
        profiles.change(user=carol, display_name=name, title="", time_zone="")
        """
    fresh_site.python(
        """
        from django.contrib.auth import get_user_model
        from chat.domain import rooms
        from chat.models import Room
        rooms.join(room=Room.objects.get(slug=room), user=get_user_model().objects.get(handle="carol"))
        """,
        room=room,
    )
    fresh_site.python(rename, name="Carol Čapková")
    alice = open_page(fresh_site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    send(alice, "ask @Carol and @alice")
    chips = wait_until_stored(alice, "ask").locator(".mention")
    expect(chips).to_have_text(["@Carol Čapková", "@alice"])
    expect(chips.nth(0)).to_have_attribute("title", "@carol")
    fresh_site.python(rename, name="Carol Svobodová")
    expect(chips.nth(0)).to_have_text("@Carol Svobodová")
    fresh_site.python(rename, name="")
    expect(chips.nth(0)).to_have_text("@Carol")
    alice.reload()
    expect(chips).to_have_text(["@Carol", "@alice"])


def test_the_card_of_a_closed_account_says_so_and_offers_no_message(fresh_site, open_page):
    room = fresh_site.add_room()
    fresh_site.add_person("leaver")
    fresh_site.python(
        """
        import uuid
        from django.contrib.auth import get_user_model
        from chat.domain import accounts, messages, rooms
        from chat.models import Room
        person = get_user_model().objects.get_by_natural_key
        rooms.join(room=Room.objects.get(slug=room), user=person("leaver"))
        messages.post(room=room, author=person("leaver"), body="Farewell", client_id=uuid.uuid4())
        accounts.deactivate(user=person("leaver"), by=person("alice"))
        """,
        room=room,
    )
    alice = open_page(fresh_site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    message(alice, "Farewell").locator(".author").click()
    card = alice.locator("#person-card")
    expect(card.get_by_text("This account is closed.")).to_be_visible()
    for name in ("Message", "Mention"):
        expect(card.get_by_role("button", name=name)).to_be_hidden()


def test_the_card_opens_by_the_keyboard(fresh_site, open_page):
    room = fresh_site.add_room()
    alice = open_page(fresh_site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    send(alice, "Ahoy")
    wait_until_stored(alice, "Ahoy")
    alice.keyboard.press("Shift+Tab")
    message(alice, "Ahoy").focus()
    alice.keyboard.press("ArrowRight")
    expect(message(alice, "Ahoy").locator(".author")).to_be_focused()
    alice.keyboard.press("Enter")
    expect(alice.locator("#person-card [data-edit]")).to_be_visible()
    alice.keyboard.press("Escape")
    expect(message(alice, "Ahoy").locator(".author")).to_be_focused()


def test_the_chosen_theme_wins_over_the_devices(fresh_site, open_page):
    fresh_site.python(
        """
        from django.contrib.auth import get_user_model
        from chat.domain import profiles
        profiles.change(user=get_user_model().objects.get(handle="alice"), theme="dark", clock="24")
        """
    )
    page = open_page(fresh_site, "alice", "/profile/", color_scheme="light")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(paper) == "rgb(21, 24, 27)"
    page.locator("[name=theme][value=light]").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".note")).to_be_visible()
    assert page.evaluate(paper) == "rgb(244, 244, 241)"


def test_the_clock_and_the_colours_change_on_open_pages(fresh_site, open_page):
    slug = fresh_site.add_room()
    page, list_page = (
        open_page(fresh_site, "alice", path, color_scheme="light") for path in (f"/rooms/{slug}/", "/saved/")
    )
    wait_until_online(page)
    for text in ("One", "Two"):
        send(page, text)
        wait_until_stored(page, text)
    wait_until_online(list_page)
    profile = open_page(fresh_site, "alice", "/profile/")

    def choose(**choices):
        for name, value in choices.items():
            profile.locator(f"[name={name}][value='{value}']").check()
        profile.get_by_role("button", name="Save").click()
        expect(profile.locator(".note")).to_be_visible()

    choose(theme="dark", clock="24", density="compact")
    expect(page.locator(".message .at").first).to_have_text(re.compile(r"^\d\d:\d\d$"))
    expect(page.locator("html")).to_have_attribute("data-density", "compact")
    for each in (page, list_page):
        expect(each.locator("html")).to_have_css("background-color", "rgb(21, 24, 27)")
    choose(theme="light", clock="12")
    for time in page.locator(".message .at").all():
        expect(time).to_have_text(re.compile(r"^\d+:\d\d\s[AP]M$"))
    for each in (page, list_page):
        expect(each.locator("html")).to_have_css("background-color", "rgb(244, 244, 241)")
        bars = each.locator("meta[name=theme-color]").evaluate_all("all => all.map((each) => each.content)")
        assert bars == ["#f4f4f1", "#f4f4f1"]
    choose(theme="system")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_css("background-color", "rgb(21, 24, 27)")
