"""The control room and a member: a closed room is opened with a reason, and what staff did is in the record."""

import json

import pytest
from playwright.sync_api import expect

from .pages import message, send, wait_until_stored


@pytest.mark.core
def test_members_see_that_an_admin_opened_their_private_room_and_the_record_has_it(site, open_page):
    room = site.add_room(kind="private")
    bob = open_page(site, "bob", f"/rooms/{room}/")
    send(bob, "we sail at midnight")
    wait_until_stored(bob, "we sail at midnight")
    admin = open_page(site, "admin", "/admin/chat/message/?q=midnight")
    expect(admin.get_by_text("we sail at midnight")).to_have_count(0)

    admin.goto(f"{site.url}/admin/chat/roomopening/add/")
    admin.get_by_label("Room").fill(room)
    admin.get_by_label("Reason").fill("A complaint by the police")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(message(bob, "opened this room to read it. Reason: A complaint by the police")).to_be_visible()

    admin.get_by_role("link", name="Read").first.click()
    expect(admin.get_by_role("link", name="we sail at midnight")).to_be_visible()

    admin.goto(f"{site.url}/admin/chat/recordedaction/?q=complaint+{room}")
    row = admin.locator("#result_list tbody tr")
    expect(row).to_have_count(1)
    for shown in ("admin", "opened the closed room", "A complaint by the police", "127.0.0.1"):
        expect(row).to_contain_text(shown)
    with admin.expect_download() as download:
        admin.get_by_role("link", name="Export as JSON lines").click()
    (line,) = download.value.path().read_text().splitlines()
    assert (json.loads(line)["verb"], json.loads(line)["reason"]) == ("room.open", "A complaint by the police")
