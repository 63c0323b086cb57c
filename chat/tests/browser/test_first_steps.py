"""From an empty site to a conversation of two people: the set-up page, the Lobby, an invitation."""

import re

import pytest
from playwright.sync_api import expect

from chat.tests.services import PASSWORD

from .pages import by_mouse_and_touch, expect_all_messages, send, wait_until_online, wait_until_stored


@pytest.fixture
def new_site_page(make_site, open_page):
    """A site that is not set up, a page at its set-up link, and the link's path."""
    site = make_site(with_users=False)
    output = site.manage("setup", "--link", "--address", site.url).stdout
    link = re.search(rf"{re.escape(site.url)}(/setup/\S+)", output)[1]
    return site, open_page(site, path=link), link


def set_up(page, **choices):
    """Fill in the set-up page: the site Harbour Lights, the account ada."""
    page.get_by_label("Name of the site").fill("Harbour Lights")
    make_account(page, "ada")
    for label in choices.values():
        page.get_by_label(label, exact=True).check()
    page.get_by_role("button", name="Create the site").click()


def make_account(page, name):
    """Fill in the fields of a new account."""
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Repeat password").fill(PASSWORD)


@pytest.mark.core
@by_mouse_and_touch
def test_the_person_who_opens_the_set_up_link_becomes_admin_and_invites_another(new_site_page, open_page):
    site, ada, link = new_site_page
    set_up(ada)
    expect(ada.locator("nav#rooms a[data-room=lobby] .room-link-name")).to_have_text("Lobby")
    expect(ada.locator("#room-name")).to_have_text("Lobby")
    expect(ada.locator(".account-name")).to_have_text("ada")
    send(ada, "The first word")
    wait_until_stored(ada, "The first word")

    ada.goto(f"{site.url}/admin/chat/invite/add/")
    ada.get_by_role("button", name="Save", exact=True).click()
    invitation = ada.locator(".messagelist code").text_content()

    ben = open_page(site, path=invitation.removeprefix(site.url))
    expect(ben.get_by_role("heading", name="Join Harbour Lights")).to_be_visible()
    make_account(ben, "ben")
    ben.get_by_role("button", name="Create account").click()
    expect(ben.locator(".account-name")).to_have_text("ben")
    ben.goto(f"{site.url}/rooms/lobby/")
    expect(ben.locator("article.message .body")).to_have_text(["The first word"])

    ada.goto(f"{site.url}/rooms/lobby/")
    wait_until_online(ada)
    send(ben, "The second")
    wait_until_stored(ada, "The second")
    send(ada, "The third")
    wait_until_stored(ben, "The third")
    for page in (ada, ben):
        expect_all_messages(page, site, "lobby")

    late = open_page(site, path=link)
    expect(late.locator("form")).to_have_count(0)
    late.goto(invitation)
    expect(late.locator("form")).to_have_count(0)


def test_before_the_set_up_the_home_page_says_where_the_link_is(new_site_page, open_page):
    site, _, _ = new_site_page
    page = open_page(site)
    expect(page.get_by_role("heading", name="Set-up required")).to_be_visible()
    expect(page.locator("main")).to_contain_text("server’s log")


@by_mouse_and_touch
def test_the_set_up_page_shows_each_error_and_its_link_still_works(new_site_page):
    site, ada, _ = new_site_page
    ada.get_by_label("Name of the site").fill("Harbour Lights")
    ada.get_by_label("Username").fill("ada")
    ada.get_by_label("Password", exact=True).fill("12345678")
    ada.get_by_label("Repeat password").fill("87654321")
    ada.get_by_role("button", name="Create the site").click()
    expect(ada.locator(".errorlist").first).to_be_visible()
    expect(ada.get_by_label("Password", exact=True)).to_be_focused()
    expect(ada.get_by_label("Name of the site")).to_have_value("Harbour Lights")
    set_up(ada, guests="can read and write")
    expect(ada.locator("#room-name")).to_have_text("Lobby")
    assert site.python("from chat.models import Room\nresult = Room.objects.get().guests") == "write"
