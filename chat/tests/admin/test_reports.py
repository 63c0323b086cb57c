"""The admin's queue of reports and held messages, filters, and mutes."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from chat.domain import erasing, messages, reports, room_openings, rooms
from chat.domain.errors import Held
from chat.domain.filters import stored
from chat.domain.staff_groups import make_moderators
from chat.models import HeldMessage, Message, MessageFilter, PersonMute, Report
from chat.tests.attached import attach
from chat.tests.cast import person
from chat.tests.running_jobs import run_jobs
from chat.tests.sample_files import picture
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_counts():
    """Each test begins without counted attempts."""
    cache.clear()


@pytest.fixture
def erin(set_up_site):
    """Staff, with the permissions of the group “Moderators” alone."""
    user = person("erin", is_staff=True)
    user.groups.add(make_moderators())
    return user


@pytest.fixture
def report(harbour, alice, bob) -> Report:
    post_message(harbour, alice, "Before")
    message = post_message(harbour, bob, "You are all fools")
    post_message(harbour, alice, "After")
    return reports.report_message(message=message.pk, by=alice, reason="abuse", note="Not nice")


def page(row) -> str:
    return reverse(f"admin:chat_{row._meta.model_name}_change", args=[row.pk])


def test_a_moderator_of_the_site_sees_a_report_in_its_context_and_removes_the_message(client, erin, report):
    client.force_login(erin)
    shown = client.get(page(report)).content.decode()
    for text in ("Before", "You are all fools", "After", "Not nice", "alice"):
        assert text in shown
    answer = client.post(page(report), {"act": "remove", "note": "rude"}, follow=True)
    assert "The message was removed." in answer.content.decode()
    assert Message.objects.get(pk=report.message_id).removed
    client.post(page(report), {"act": "restore"})
    assert not Message.objects.get(pk=report.message_id).removed


def test_a_report_of_a_message_with_files_alone_names_them_and_links_to_it(
    client, dora, garden, alice, bob, files_folder
):
    message = post_message(garden, bob, "Look")
    file = attach(message, picture("PNG"), "cat <1>.png")
    Message.objects.filter(pk=message.pk).update(text="", html="")
    made = reports.report_message(message=message.pk, by=alice, reason="abuse")
    client.force_login(dora)
    assert "cat &lt;1&gt;.png" in client.get(reverse("admin:chat_report_changelist")).text
    shown = client.get(page(made)).text
    assert f'href="/rooms/garden/{message.pk}/"' in shown
    assert f'src="/files/{file.pk}/thumb-360.webp"' in shown
    assert "cat &lt;1&gt;.png" in shown


def test_a_report_of_a_room_that_staff_may_not_see_has_no_links_into_it(
    client, erin, harbour, alice, bob, files_folder
):
    message = post_message(harbour, bob, "Look")
    file = attach(message, picture("PNG"), "cat.png")
    made = reports.report_message(message=message.pk, by=alice, reason="abuse")
    client.force_login(erin)
    shown = client.get(page(made)).text
    assert "cat.png" in shown
    assert f"/files/{file.pk}/" not in shown
    assert "/rooms/harbour/" not in shown


def test_a_deleted_person_has_the_name_of_the_timeline(client, dora, report, alice, bob):
    for user in (alice, bob):
        erasing.begin(user=user, by=dora, words=False)
    run_jobs()
    client.force_login(dora)
    for address in (page(report), reverse("admin:chat_report_changelist")):
        shown = client.get(address).text
        assert "Deleted person" in shown
        assert "deleted-" not in shown


def test_mute_ban_and_write(client, dora, report, bob, alice):
    client.force_login(dora)
    client.post(page(report), {"act": "mute", "minutes": "1440", "everywhere": "on"})
    assert PersonMute.objects.get().room is None
    client.post(page(report), {"act": "ban", "days": "7"})
    bob.refresh_from_db()
    assert not bob.is_active
    client.post(page(report), {"act": "write", "body": "Thank you."})
    assert Message.objects.latest("pk").text == "Thank you."


def test_twice_at_once_and_nonsense(client, dora, report):
    client.force_login(dora)
    client.post(page(report), {"act": "dismiss"})
    assert (
        "has ended this report already" in client.post(page(report), {"act": "dismiss"}, follow=True).content.decode()
    )
    assert client.post(page(report), {"act": "burn"}).status_code == 403
    gone = page(report)
    Report.objects.all().delete()
    assert "doesn’t exist" in client.post(gone, {"act": "remove"}, follow=True).content.decode()


def test_staff_without_the_permission_decide_nothing(client, report, harbour, bob):
    frank = person("frank", is_staff=True)
    client.force_login(frank)
    assert client.get(page(report)).status_code == 403
    assert client.post(page(report), {"act": "remove"}).status_code == 403
    client.force_login(bob)
    assert client.post(page(report), {"act": "remove"}).status_code == 302
    assert not Message.objects.filter(removed=True).exists()


def test_what_filters_find_in_a_private_room_is_not_shown_to_staff(client, erin, dora, harbour, alice, bob):
    post_message(harbour, alice, "A secret beside it")
    stored.create(by=dora, name="All", kind="pattern", value="held", action="hold")
    stored.create(by=dora, name="All", kind="pattern", value="flagged", action="report")
    post_message(harbour, bob, "Our flagged secret")
    with pytest.raises(Held):
        post_message(harbour, bob, "Our held secret")
    rows = (Report.objects.get(), HeldMessage.objects.get())
    for who in (erin, dora):
        client.force_login(who)
        for row, act in zip(rows, ("remove", "post"), strict=True):
            listed = client.get(reverse(f"admin:chat_{row._meta.model_name}_changelist"), {"state": "all"})
            assert "secret" not in listed.content.decode()
            assert "secret" not in client.get(page(row), follow=True).content.decode()
            client.post(page(row), {"act": act})
        today = client.get(reverse("admin:index")).content.decode()
        assert "wait" not in today.partition("Needs attention")[2].partition("Messages today")[0]
    assert not Message.objects.filter(removed=True).exists()
    assert HeldMessage.objects.get().state == "waiting"
    room_openings.open_room(place="harbour", by=dora, reason="Nobody moderates it")
    assert "Our held secret" in client.get(page(rows[1])).content.decode()
    assert "Our flagged secret" in client.get(page(rows[0])).content.decode()


@pytest.mark.parametrize("name", ["²", "0", "9" * 30, "9" * 5000, "x"])
def test_an_address_without_sense_is_not_found(client, dora, name):
    client.force_login(dora)
    for model in ("report", "heldmessage"):
        address = reverse(f"admin:chat_{model}_change", args=[name])
        assert client.get(address).status_code == 302
        assert client.post(address, {"act": {"report": "remove", "heldmessage": "post"}[model]}).status_code == 302


def test_held_messages_are_posted_and_refused(client, erin, garden, bob, dora):
    stored.create(by=dora, name="Tea", kind="words", value="tea", action="hold")
    for _number in range(2):
        with pytest.raises(Held):
            post_message(garden, bob, "Some tea")
    first, second = HeldMessage.objects.order_by("pk")
    client.force_login(erin)
    assert "Some tea" in client.get(page(first)).content.decode()
    client.post(page(first), {"act": "post"})
    client.post(page(second), {"act": "refuse"})
    assert Message.objects.get().text == "Some tea"
    client.post(page(first), {"act": "post"})
    assert Message.objects.count() == 1
    answer = client.post(page(first), {"act": "refuse"}, follow=True)
    assert "was posted already" in answer.content.decode()


def test_a_filter_is_checked_tried_and_stored(client, erin, garden, bob):
    post_message(garden, bob, "Come to the casino")
    client.force_login(erin)
    address = reverse("admin:chat_messagefilter_add")
    fields = {"name": "Casino", "kind": "words", "value": "casino", "limit": 3, "hours": 24, "action": "refuse"}
    fields["is_on"] = "on"
    tried = client.post(address, fields | {"_dry_run": "1"}).content.decode()
    assert "would have met 1 of the last 1 messages" in tried
    assert "Come to the casino" in tried
    assert not MessageFilter.objects.exists()
    wrong = client.post(address, fields | {"kind": "pattern", "value": "(a"}).content.decode()
    assert "Line 1" in wrong
    assert client.post(address, fields).status_code == 302
    change = page(MessageFilter.objects.get())
    assert client.post(change, fields | {"value": "lottery"}).status_code == 302
    assert MessageFilter.objects.get().value == "lottery"


def test_removed_messages_are_found_and_restored(client, dora, garden, alice, bob):
    message = post_message(garden, bob, "Come back").pk
    messages.delete(message=message, by=alice)
    client.force_login(dora)
    address = reverse("admin:chat_message_changelist")
    assert str(message) in client.get(address, {"state": "removed"}).content.decode()
    rooms.archive(room=garden)
    chosen = {"action": "restore", "_selected_action": [message]}
    assert "Restore the room first" in client.post(address, chosen, follow=True).content.decode()
    rooms.restore(room=garden)
    client.post(address, chosen)
    assert Message.objects.get(pk=message).text == "Come back"


def test_the_queue_asks_as_often_for_fifty_reports_as_for_one(
    client, dora, report, harbour, bob, django_assert_max_num_queries
):
    Report.objects.bulk_create(
        Report(message_id=report.message_id, room=harbour, about=bob, reporter_key=f"u:{at}", made_at=timezone.now())
        for at in range(1000, 1050)
    )
    client.force_login(dora)
    with django_assert_max_num_queries(10):
        client.get(reverse("admin:chat_report_changelist"))
    assert "51 reports wait" in client.get(reverse("admin:index")).content.decode()
