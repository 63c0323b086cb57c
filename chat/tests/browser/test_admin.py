"""The control room: the look of the admin, its front page, its live page, and what members see of what staff do."""

from time import monotonic

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from . import admin_pages
from .axe import PLANT_FAULTS, violations, violations_light_and_dark
from .pages import send, wait_until_online

PHONE_SIZE = {"width": 390, "height": 844}
DESK_SIZE = {"width": 1280, "height": 800}
ALSO_ON_A_PHONE = 4
"""Each fourth page is also examined on a phone: all have the same style sheets."""
WITHOUT_NAVIGATION = {"include": [["body"]], "exclude": [["#nav-sidebar"], ["#header"]]}
"""What axe examines on all pages but the first."""
IDS = """
    from django.contrib.auth import get_user_model
    from chat.models import Room
    result = [Room.objects.get(slug=room).pk, get_user_model().objects.get_by_natural_key("bob").pk]
"""
TROUBLE = """
    from django.utils import timezone
    from chat.models import Job, Site
    Site.objects.update(mail_failed_at=timezone.now(), mail_error="550 go away")
    args = {"args_kwargs": {"args": [], "kwargs": {}}, "backend_name": "default", "queue_name": "default"}
    Job.objects.create(
        status="FAILED", task_path="chat.jobs.mail.send", run_after=timezone.now(), finished_at=timezone.now(),
        traceback="Traceback\\nOSError: no route", **args
    )
"""
QUIET = """
    from chat.models import Job, Site
    Site.objects.update(mail_failed_at=None, mail_error="")
    Job.objects.filter(status="FAILED").delete()
"""


@pytest.fixture
def rows_of_all_kinds(site, room):
    """A row for each page of the admin; afterwards nothing is left that another test would see."""
    site.call(admin_pages.make_rows, slug=room)
    yield
    site.call(admin_pages.remove_rows, slug=room)


@pytest.mark.timeout(400)
def test_axe_finds_nothing_serious_on_any_page_of_the_admin(site, room, open_page, rows_of_all_kinds):
    """Each page is loaded once: on a desktop in light colours, then the same page in dark ones and on a phone."""
    found = site.call(admin_pages.addresses, slug=room)
    paths, wrong = [path for group in found.values() for path in group], {}
    assert len(found["lists"]) >= 19
    assert {"/admin/", "/admin/live/"} <= set(paths)
    # The script is injected by the browser itself, into each page.
    inject = {"before": lambda page: page.add_init_script(Axe().axe_script)}
    admin = open_page(site, "admin", paths[0], viewport=DESK_SIZE, **inject)
    for number, path in enumerate(paths):
        if number:
            response = admin.goto(site.url + path, wait_until="load")
            assert response.status == 200, path
        if path == "/admin/live/":
            expect(admin.locator("#live-workers tbody tr")).to_have_count(1)
        context = WITHOUT_NAVIGATION if number else None
        problems = set(violations_light_and_dark(admin, context=context))
        problems |= {f"{tag}: not one" for tag in ("h1", "main") if admin.locator(tag).count() != 1}
        admin.set_viewport_size(PHONE_SIZE)
        if admin.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problems.add("wider than a phone")
        if number % ALSO_ON_A_PHONE == 0:
            problems |= {f"phone: {text}" for text in violations(admin, context=context)}
        admin.set_viewport_size(DESK_SIZE)
        if problems:
            wrong[path] = sorted(problems)
    assert wrong == {}
    # The walk would see a fault.
    admin.evaluate(PLANT_FAULTS)
    assert {text.split(":")[0] for text in violations(admin, context=WITHOUT_NAVIGATION)} == {
        "color-contrast",
        "image-alt",
    }


@pytest.mark.core
def test_the_front_page_says_what_needs_attention_and_the_menu_opens_on_a_phone(site, open_page):
    site.python(TROUBLE)
    try:
        admin = open_page(site, "admin", "/admin/", viewport=PHONE_SIZE, has_touch=True, is_mobile=True)
        attention = admin.locator(".attention")
        expect(attention).to_contain_text("1 job was given up. mail.send: OSError: no route")
        expect(attention).to_contain_text("550 go away")
        menu = admin.get_by_role("button", name="Menu")
        expect(admin.get_by_role("link", name="Rooms", exact=True)).to_be_hidden()
        menu.tap()
        expect(menu).to_have_attribute("aria-expanded", "true")
        admin.get_by_role("link", name="Jobs", exact=True).tap()
        expect(admin.get_by_role("heading", level=1)).to_have_text("Jobs")
        admin.goto(site.url + "/admin/")
        attention.get_by_role("link", name="Show them").tap()
        expect(admin.locator("#result_list tbody tr")).to_have_count(1)
    finally:
        site.python(QUIET)


def test_a_member_sees_a_new_name_at_once_and_staff_go_to_and_fro(site, room, open_page):
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    (room_id, _bob) = site.python(IDS, room=room)
    site.python(
        """
        from django.contrib.auth import get_user_model
        from chat.domain import rooms
        from chat.models import Room
        rooms.join(room=Room.objects.get(slug=room), user=get_user_model().objects.get_by_natural_key("admin"))
        """,
        room=room,
    )
    admin = open_page(site, "admin", f"/rooms/{room}/")
    wait_until_online(admin)
    send(admin, "Hello")
    admin.locator(".room-open").click()
    admin.get_by_role("link", name="Open in admin").click()
    expect(admin).to_have_url(f"{site.url}/admin/chat/room/{room_id}/change/")
    admin.get_by_label("Name:").fill("Harbour masters")
    admin.get_by_role("button", name="Save and continue editing").click()
    expect(bob.locator(".room-open")).to_contain_text("Harbour masters")
    admin.get_by_role("link", name="View site", exact=True).click()
    expect(admin).to_have_url(f"{site.url}/rooms/{room}/")
    expect(bob.locator(".admin-link")).to_have_count(0)
    wait_until_online(admin)
    admin.locator(".author[data-person]", has_text="admin").first.click()
    admin.locator("#person-card").get_by_role("link", name="Open in admin").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("admin")


@pytest.mark.takes_long
@pytest.mark.timeout(300)
def test_a_worker_that_is_killed_turns_red_on_the_live_page(make_site, open_page):
    site = make_site(workers=2, postgres=True, redis=True, CHAT_POST_RATE=0)
    admin = open_page(site, "admin", "/admin/live/", worker=0)
    rows = admin.locator("#live-workers tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.locator(".worker-state")).to_have_text(["Answers", "Answers"])
    alice = open_page(site, "alice", "/rooms/tea/", worker=1)
    wait_until_online(alice)
    send(alice, "One")
    send(alice, "Two")
    expect(admin.locator('[data-figure="messages"] .figure-number')).to_have_text("2")
    expect(admin.locator('[data-figure="sockets"] .figure-number')).to_have_text("1")
    expect(admin.locator("#live-rooms tbody tr")).to_contain_text("Tea")
    expect(admin.locator('[data-fact="layer"] dd')).to_contain_text("ms")
    line = admin.locator('[data-figure="messages"] .line')
    before = line.get_attribute("d")
    expect(line).not_to_have_attribute("d", before)
    pid = site.workers[1].pid
    site.workers[1].kill()
    gone = admin.locator('#live-workers tr[data-state="gone"]')
    expect(gone).to_have_count(1)
    expect(gone).to_contain_text(f":{pid}")
    expect(gone).to_contain_text("Gone: no answer for")
    expect(admin.locator("#live-news")).to_contain_text("does not answer")
    admin.goto(site.workers[0].url + "/admin/")
    # After the time in which presence forgets it, the front page says so, too.
    deadline = monotonic() + 60
    while not admin.locator(".attention", has_text="stopped without").count() and monotonic() < deadline:
        admin.wait_for_timeout(2000)
        admin.reload()
    expect(admin.locator(".attention")).to_contain_text(f":{pid} stopped without signing off")
