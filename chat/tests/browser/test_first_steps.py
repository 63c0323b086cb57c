"""From an empty site to two people who talk: the set-up page, the Lobby, an invitation."""

import re

import pytest
from playwright.sync_api import expect

from chat.tests.services import PASSWORD

from .pages import by_mouse_and_touch, is_online, is_stored, say, shows_all


@pytest.fixture
def new_people_come(make_site, arrive):
    """A site that was never set up, and the page of whoever opens its set-up link."""
    site = make_site(peopled=False)
    said = site.manage("setup", "--link", "--address", site.url).stdout
    link = re.search(rf"{re.escape(site.url)}(/setup/\S+)", said)[1]
    return site, arrive(site, path=link), link


def set_up(page, **choices):
    """Fill the set-up page as Ada, who calls the site Harbour Lights."""
    page.get_by_label("Name of the site").fill("Harbour Lights")
    make_account(page, "ada")
    for label in choices.values():
        page.get_by_label(label, exact=True).check()
    page.get_by_role("button", name="Open the site").click()


def make_account(page, name):
    """Fill the fields that each new account has."""
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)


@by_mouse_and_touch
def test_whoever_opens_the_set_up_link_becomes_admin_and_invites_a_second_person(new_people_come, arrive):
    site, ada, link = new_people_come
    set_up(ada)
    expect(ada.locator("nav#rooms a[data-room=lobby] .room-link-name")).to_have_text("Lobby")
    expect(ada.locator("#room-name")).to_have_text("Lobby")
    expect(ada.locator(".account-name")).to_have_text("ada")
    say(ada, "The first word")
    is_stored(ada, "The first word")

    ada.goto(f"{site.url}/admin/chat/invite/add/")
    ada.get_by_role("button", name="Save", exact=True).click()
    invitation = ada.locator(".messagelist code").text_content()

    ben = arrive(site, path=invitation.removeprefix(site.url))
    expect(ben.get_by_role("heading", name="Join Harbour Lights")).to_be_visible()
    make_account(ben, "ben")
    ben.get_by_role("button", name="Make my account").click()
    expect(ben.locator(".account-name")).to_have_text("ben")
    ben.goto(f"{site.url}/rooms/lobby/")
    expect(ben.locator("article.message .body")).to_have_text(["The first word"])

    ada.goto(f"{site.url}/rooms/lobby/")
    is_online(ada)
    say(ben, "The second")
    is_stored(ada, "The second")
    say(ada, "The third")
    is_stored(ben, "The third")
    for page in (ada, ben):
        shows_all(page, site, "lobby")

    late = arrive(site, path=link)
    expect(late.locator("form")).to_have_count(0)
    late.goto(invitation)
    expect(late.locator("form")).to_have_count(0)


def test_before_the_set_up_every_visitor_learns_where_the_link_is(new_people_come, arrive):
    site, _, _ = new_people_come
    page = arrive(site)
    expect(page.get_by_role("heading", name="Almost there")).to_be_visible()
    expect(page.locator("main")).to_contain_text("server’s log")


@by_mouse_and_touch
def test_a_set_up_page_filled_badly_names_each_error_and_the_link_still_works(new_people_come):
    site, ada, _ = new_people_come
    ada.get_by_label("Name of the site").fill("Harbour Lights")
    ada.get_by_label("Username").fill("ada")
    ada.get_by_label("Password", exact=True).fill("12345678")
    ada.get_by_label("Password again").fill("87654321")
    ada.get_by_role("button", name="Open the site").click()
    expect(ada.locator(".errorlist").first).to_be_visible()
    expect(ada.get_by_label("Password", exact=True)).to_be_focused()
    expect(ada.get_by_label("Name of the site")).to_have_value("Harbour Lights")
    set_up(ada, guests="may read and write")
    expect(ada.locator("#room-name")).to_have_text("Lobby")
    assert site.python("from chat.models import Room\nresult = Room.objects.get().guests") == "write"
