"""Two windows: what moderators of the site do in the admin, and what members see of it at once."""

import re

from playwright.sync_api import expect

from .pages import choose_action, wait_until_online, wait_until_stored
from .pages import send as send_text


def report(page, text):
    """Report a message as spam."""
    choose_action(page, text, "report")
    page.get_by_role("dialog", name="Report this message").get_by_role("button", name="Report").click()
    expect(page.get_by_text("The moderators were told. Thank you.")).to_be_visible()


def test_staff_remove_a_reported_message_the_reporter_is_told_and_it_comes_back(site, room, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    send_text(alice, f"Buy my things in {room}")
    wait_until_stored(bob, "Buy my things")
    report(bob, "Buy my things")
    admin = open_page(site, "admin", "/admin/chat/report/", unshared=True)
    admin.locator("#result_list").get_by_role("link", name=f"Buy my things in {room}").click()
    admin.get_by_role("button", name="Remove the message").click()
    expect(admin.get_by_text("The message was removed.")).to_be_visible()
    for page in (alice, bob):
        expect(page.locator(".message.deleted .body")).to_have_text("A moderator removed this message.")
    # A message of the site in a direct room, which comes into his list.
    expect(bob.locator("#rooms").get_by_text("Parley").first).to_be_visible()
    admin.get_by_role("button", name="Restore").click()
    expect(admin.get_by_text("The message was restored.")).to_be_visible()
    wait_until_stored(bob, "Buy my things")


def test_two_people_are_banned_from_the_list_of_people_at_once(site, room, open_page):
    names = [f"{name}-{room}" for name in ("ivy", "jack")]
    for name in names:
        site.add_person(name)
    pages = [open_page(site, name, "/", unshared=True) for name in names]
    admin = open_page(site, "admin", f"/admin/people/user/?q={room}", unshared=True)
    for name in names:
        admin.get_by_role("row", name=re.compile(name)).locator("input.action-select").check()
    admin.get_by_label("Action:").select_option("Ban…")
    admin.get_by_role("button", name=re.compile("Go|Run")).click()
    expect(admin.get_by_role("heading", name="2 people are banned")).to_be_visible()
    admin.get_by_label("Reason").fill("Spam")
    admin.get_by_role("button", name="Ban", exact=True).click()
    expect(admin.get_by_text("2 people were banned.")).to_be_visible()
    for page in pages:
        page.wait_for_url(re.compile("/accounts/login/"))
