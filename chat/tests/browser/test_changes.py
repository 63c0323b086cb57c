"""What is edited, deleted and liked is so in every open browser."""

from playwright.sync_api import expect

from .pages import by_mouse_and_touch, do, is_online, is_stored, is_touched, message, react, say, shows_all, tap_on

pytestmark = by_mouse_and_touch


def offered(page, text) -> set[str]:
    """What can be done with a message: from its toolbar, or its sheet."""
    if is_touched(page):
        tap_on(message(page, text))
        sheet = page.locator("#action-sheet")
        expect(sheet).to_be_visible()
        found = sheet.locator("[data-needs]").evaluate_all(
            "(all) => all.filter((one) => !one.hidden).map((one) => one.dataset.needs)"
        )
        sheet.get_by_role("button", name="Cancel").tap()
        expect(sheet).to_be_hidden()
    else:
        message(page, text).hover()
        buttons = message(page, text).locator(".actions [data-action]")
        expect(buttons.first).to_be_visible()
        found = buttons.evaluate_all("(all) => all.filter((one) => !one.hidden).map((one) => one.dataset.action)")
    return set(found)


def test_bob_sees_what_alice_edits_and_deletes(site, room, arrive):
    alice, bob = arrive(site, "alice", f"/rooms/{room}/"), arrive(site, "bob", f"/rooms/{room}/")
    say(alice, "wonderfull", "never mind", "the end")
    is_stored(bob, "the end")
    is_stored(alice, "the end")

    do(alice, "wonderfull", "edit")
    composer = alice.locator("#composer")
    expect(composer).to_have_value("wonderfull")
    say(alice, "wonderful")
    expect(message(bob, "wonderful").locator(".edited")).to_be_visible()
    expect(message(bob, "wonderfull")).to_have_count(0)

    do(alice, "never mind", "delete")
    alice.locator("#delete-dialog").get_by_role("button", name="Delete").click()
    expect(bob.locator("article.deleted .body")).to_have_text("This message was deleted.")
    expect(message(bob, "never mind")).to_have_count(0)
    for page in (alice, bob):
        expect(page.locator("article.deleted")).to_have_count(1)
        shows_all(page, site, room)


def test_alice_does_not_delete_when_she_thinks_again(site, room, arrive):
    alice = arrive(site, "alice", f"/rooms/{room}/")
    say(alice, "rather good")
    is_stored(alice, "rather good")
    do(alice, "rather good", "delete")
    alice.locator("#delete-dialog").get_by_role("button", name="Cancel").click()
    do(alice, "rather good", "delete")
    alice.keyboard.press("Escape")
    say(alice, "after that")
    is_stored(alice, "after that")
    expect(alice.locator("article.deleted")).to_have_count(0)
    shows_all(alice, site, room)


def test_bob_can_change_nothing_that_alice_said_but_alice_as_owner_deletes_what_he_said(site, room, arrive):
    alice, bob = arrive(site, "alice", f"/rooms/{room}/"), arrive(site, "bob", f"/rooms/{room}/")
    say(alice, "hers")
    say(bob, "his")
    is_stored(bob, "his")
    is_stored(bob, "hers")
    is_stored(alice, "his")
    assert offered(bob, "hers") == {"react", "reply"}
    assert offered(alice, "his") == {"react", "reply", "delete"}
    do(alice, "his", "delete")
    alice.locator("#delete-dialog").get_by_role("button", name="Delete").click()
    expect(bob.locator("article.deleted")).to_have_count(1)


def test_alice_and_bob_see_each_others_reactions_come_and_go(site, room, arrive):
    alice, bob = arrive(site, "alice", f"/rooms/{room}/"), arrive(site, "bob", f"/rooms/{room}/")
    say(alice, "cake at four")
    is_stored(bob, "cake at four")
    react(bob, "cake at four", "🎉")
    hers = message(alice, "cake at four").locator(".reaction")
    expect(hers).to_have_attribute("title", "🎉: bob")
    expect(hers).to_have_attribute("aria-pressed", "false")
    hers.click()
    his = message(bob, "cake at four").locator(".reaction")
    expect(his.locator(".count")).to_have_text("2")
    for page in (alice, bob):
        expect(page.locator(".reaction[aria-pressed=true]")).to_have_count(1)
        shows_all(page, site, room)
    his.click()
    expect(hers.locator(".count")).to_have_text("1")
    hers.click()
    expect(his).to_have_count(0)
    for page in (alice, bob):
        shows_all(page, site, room)


def test_what_alice_edits_on_one_page_is_so_on_her_other_page(site, room, arrive):
    alice = arrive(site, "alice", f"/rooms/{room}/")
    other = alice.context.new_page()
    other.goto(alice.url)
    is_online(other)
    say(alice, "from here")
    is_stored(other, "from here")
    do(other, "from here", "edit")
    say(other, "from there")
    is_stored(alice, "from there")
    for page in (alice, other):
        shows_all(page, site, room)
