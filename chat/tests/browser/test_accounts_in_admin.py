"""Two windows: what staff do with an account in the admin, and what its person and others see of it at once."""

import re

import pytest
from playwright.sync_api import expect

from chat.tests.services import PASSWORD

from .pages import choose_action, message, send, wait_until_online, wait_until_stored


@pytest.fixture
def eve(site, room) -> str:
    """The handle of a member of the room whom no other test knows."""
    name = f"eve-{room}"
    site.add_person(name)
    site.python(
        """
        from django.contrib.auth import get_user_model
        from chat.domain import rooms
        from chat.models import Room
        user = get_user_model().objects.get_by_natural_key(name)
        rooms.join(room=Room.objects.get(slug=slug), user=user)
        """,
        name=name,
        slug=room,
    )
    return name


def expect_signed_out(page):
    """The page says that its person is signed out, and no longer connects."""
    page.wait_for_url(re.compile("/accounts/login/"))


def finish_work(page):
    """Follow the link to the page of the work, and wait for its end without a reload."""
    page.get_by_role("link", name="See how far it is").click()
    expect(page.locator(".account-state h2")).to_have_text("Done")


@pytest.mark.core
def test_a_member_is_banned_from_their_card_and_their_words_go_and_come_back(site, room, eve, open_page):
    hers, admin = open_page(site, eve, f"/rooms/{room}/"), open_page(site, "admin")
    alice = open_page(site, "alice", f"/rooms/{room}/")
    send(hers, "Buy my things")
    wait_until_stored(alice, "Buy my things")
    site.call(join_as_admin, slug=room)
    admin.goto(f"{site.url}/rooms/{room}/")
    wait_until_stored(admin, "Buy my things").locator(".author").click()
    admin.get_by_role("link", name="Ban…").click()
    expect(admin.get_by_label("Username")).to_have_value(eve)
    admin.get_by_label("How long").select_option("1 day")
    admin.get_by_label("Reason").fill("Spam")
    admin.get_by_label("Also remove").select_option("What they wrote in the last hour")
    admin.get_by_role("button", name="Ban", exact=True).click()
    expect_signed_out(hers)
    expect(message(alice, "Buy my things")).to_have_count(0)
    # At the sign-in page she is told why.
    hers.get_by_label("Username").fill(eve)
    hers.get_by_label("Password", exact=True).fill(PASSWORD)
    hers.get_by_role("button", name="Sign in").click()
    expect(hers.locator(".form-error, .errorlist").first).to_contain_text("Spam")
    finish_work(admin)
    admin.get_by_role("button", name="Put everything back").click()
    expect(admin.locator(".account-state h2")).to_have_text("Undone")
    wait_until_stored(alice, "Buy my things")


def test_a_guest_is_banned_from_their_message(site, open_page):
    slug = site.add_room(guests="write")
    guest, admin = open_page(site, None, f"/rooms/{slug}/", unshared=True), open_page(site, "admin", unshared=True)
    wait_until_online(guest)
    send(guest, "Come to my shop")
    admin.goto(f"{site.url}/rooms/{slug}/")
    wait_until_stored(admin, "Come to my shop")
    choose_action(admin, "Come to my shop", "ban")
    admin.get_by_label("Reason").fill("Spam")
    admin.get_by_label("Also remove").select_option("What they wrote in the last hour")
    admin.get_by_role("button", name="Ban", exact=True).click()
    expect(guest.locator("body")).to_contain_text("You cannot use this site as a guest")
    expect(admin.locator("#result_list")).to_contain_text("Spam")
    site.python("from chat.models import GuestBan; GuestBan.objects.all().delete()")
    finish_work(admin)


def test_a_person_is_deactivated_and_back_again(site, room, eve, open_page):
    hers, admin = open_page(site, eve, f"/rooms/{room}/"), open_page(site, "admin", unshared=True)
    wait_until_online(hers)
    admin.goto(f"{site.url}/admin/people/user/?q={eve}")
    admin.locator("#result_list tbody th a").click()
    admin.get_by_role("link", name="Deactivate").click()
    admin.get_by_role("button", name="Deactivate").click()
    expect(admin.locator(".account-state h2")).to_have_text("Deactivated")
    expect_signed_out(hers)
    admin.get_by_role("link", name="Reactivate").click()
    admin.get_by_role("button", name="Reactivate").click()
    expect(admin.locator(".account-state h2")).to_have_text("Active")


def test_a_person_who_spoke_is_deleted_and_others_see_it_at_once(site, room, eve, open_page):
    hers, admin = open_page(site, eve, f"/rooms/{room}/"), open_page(site, "admin", unshared=True)
    alice = open_page(site, "alice", f"/rooms/{room}/")
    send(hers, "I was here")
    said = wait_until_stored(alice, "I was here")
    admin.goto(f"{site.url}/admin/people/user/?q={eve}")
    admin.locator("#result_list tbody th a").click()
    admin.get_by_role("link", name="Delete", exact=True).click()
    admin.get_by_role("button", name="Delete the account").click()
    expect_signed_out(hers)
    expect(said.locator(".author")).to_have_text("Deleted person")
    finish_work(admin)
    admin.goto(f"{site.url}/admin/people/user/?q=deleted-")


def join_as_admin(slug: str) -> None:
    """Make the admin a member of a room."""
    from chat.tests.services.inside import join

    join(slug, "admin")
