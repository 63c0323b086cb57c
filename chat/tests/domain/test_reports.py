"""Reports: who may make them, what moderators do about them, and what the reporter hears."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from chat.domain import bans, direct_rooms, messages, person_mutes, report_decisions, report_queue, reports, rooms
from chat.domain.errors import Archived, Decided, Forbidden, Invalid, NotFound, SignedOut, SlowDown, TooLong
from chat.models import Message, PersonMute, RecordedAction, Report, Restriction
from chat.tests.cast import person
from chat.tests.running_jobs import run_jobs
from chat.tests.talk import frames, post_message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_counts():
    """Each test begins without counted attempts."""
    cache.clear()


@pytest.fixture
def harbour(harbour):
    """Open to all members of the site."""
    return rooms.change(room=harbour, kind="public")


@pytest.fixture
def rude(harbour, bob):
    """Bob's message in the harbour."""
    return post_message(harbour, bob, "You are all fools").pk


def report(message: int, by, **fields) -> Report:
    return reports.report_message(message=message, by=by, **{"reason": "abuse", "note": "Not nice"} | fields)


def heard(user) -> list[str]:
    """What the site has written to a person."""
    run_jobs()
    direct = Message.objects.filter(room__kind="direct", room__members=user)
    return list(direct.order_by("pk").values_list("text", flat=True))


def test_a_report_keeps_what_the_message_said(harbour, alice, bob, rude):
    made = report(rude, alice)
    messages.edit(message=rude, by=bob, body="You are all friends")
    made.refresh_from_db()
    assert (made.text, made.about, made.room, made.reporter) == ("You are all fools", bob, harbour, alice)


def test_a_message_that_one_may_not_see_looks_like_one_that_does_not_exist(harbour, charlie, rude):
    rooms.change(room=harbour, kind="private")
    refused = []
    for message in (rude, rude + 1000):
        with pytest.raises(NotFound) as error:
            report(message, charlie)
        refused.append((str(error.value.detail), error.value.field))
    assert refused[0] == refused[1]


def test_what_cannot_be_reported(harbour, alice, bob, rude):
    for error, fields in ((Invalid, {"reason": "filter"}), (Invalid, {"reason": "?"}), (TooLong, {"note": "x" * 1001})):
        with pytest.raises(error):
            report(rude, alice, **fields)
    with pytest.raises(Invalid):
        report(rude, bob)
    messages.delete(message=rude, by=bob)
    with pytest.raises(NotFound):
        report(rude, alice)
    with pytest.raises(Invalid):
        reports.report_person(person=alice.pk, by=alice, reason="spam")
    assert not Report.objects.exists()


def test_a_second_report_by_the_same_person_replaces_the_first(alice, rude):
    first = report(rude, alice)
    assert report(rude, alice, reason="spam", note="").pk == first.pk
    first.refresh_from_db()
    assert (first.reason, first.note) == ("spam", "")


def test_guests_report_less_often_than_members(garden, bob, gina, settings):
    for _number in range(3):
        report(post_message(garden, bob).pk, gina)
    with pytest.raises(SlowDown):
        report(post_message(garden, bob).pk, gina)
    assert Report.objects.filter(reporter=None, reporter_name=gina.name).count() == 3


def test_a_banned_guest_reports_nothing(garden, bob, gina):
    message = post_message(garden, bob).pk
    bans.ban_guest(guest_id=gina.id)
    with pytest.raises((NotFound, SignedOut)):
        report(message, gina)


def test_the_moderators_of_the_room_are_told_how_many_wait(harbour, alice, bob, charlie, rude, capture_published):
    rooms.join(room=harbour, user=charlie)
    with capture_published() as envelopes:
        made = report(rude, charlie)
    assert {"type": "reports", "room": "harbour", "open": 1} in frames(envelopes)
    (sent,) = (envelope for envelope in envelopes if envelope.kind == "reports")
    assert sent.users == (alice.pk,)
    with capture_published() as envelopes:
        report_decisions.dismiss(report=made.pk, by=alice)
    assert {"type": "reports", "room": "harbour", "open": 0} in frames(envelopes)


def test_all_moderators_are_told_of_each_act_also_after_the_end(harbour, alice, charlie, rude, capture_published):
    rooms.join(room=harbour, user=charlie)
    made = report(rude, charlie)
    of_bob = Report.objects.get(pk=made.pk).about_id
    acts = (
        lambda: report_decisions.mute(report=made.pk, by=alice, minutes=10),
        lambda: report_decisions.remove(report=made.pk, by=alice),
        lambda: report_decisions.write(report=made.pk, by=alice, body="Thank you."),
        lambda: person_mutes.mute_in_room(room="harbour", by=alice, person=of_bob, minutes=0),
    )
    for act in acts:
        with capture_published() as envelopes:
            act()
        assert {"type": "reports", "room": "harbour", "open": 0} in frames(envelopes)


def test_dismissed_the_reporter_hears_it_once(harbour, alice, charlie, rude):
    made = report(rude, charlie)
    report_decisions.dismiss(report=made.pk, by=alice, note="It is a song")
    (text,) = heard(charlie)
    assert "Harbour" in text
    assert "nothing against the rules" in text
    report_decisions.tell_reporter(report=made.pk)
    assert len(heard(charlie)) == 1
    assert RecordedAction.objects.filter(verb="report.dismiss", reason="It is a song").exists()


def test_two_moderators_at_once_end_a_report_once(alice, charlie, dora, rude):
    made = report(rude, charlie)
    report_decisions.dismiss(report=made.pk, by=alice)
    with pytest.raises(Decided, match="alice"):
        report_decisions.dismiss(report=made.pk, by=dora, site=True)
    assert len(heard(charlie)) == 1


def test_removed_everyone_sees_that_and_all_reporters_hear_it(harbour, alice, bob, charlie, rude, capture_published):
    rooms.join(room=harbour, user=charlie)
    first, second = report(rude, charlie), report(rude, erin := person("erin"))
    with capture_published() as envelopes:
        report_decisions.remove(report=first.pk, by=alice, note="rude")
    event = next(frame for frame in frames(envelopes) if frame["type"] == "message")
    assert (event["message"]["text"], event["message"]["deleted"], event["message"]["removed"]) == ("", True, True)
    second.refresh_from_db()
    assert (second.outcome, second.ended_by) == ("acted", alice)
    for user in (charlie, erin):
        (text,) = heard(user)
        assert "acted" in text


def test_deleted_by_its_author_is_not_removed(alice, bob, rude):
    messages.delete(message=rude, by=bob)
    assert not Message.objects.get(pk=rude).removed


@pytest.mark.parametrize("deed", ["remove", "mute", "ban"])
def test_a_second_moderator_is_told_before_a_deed_that_a_report_was_dismissed(alice, bob, charlie, dora, rude, deed):
    made = report(rude, charlie)
    report_decisions.dismiss(report=made.pk, by=alice)
    more = {"minutes": 60} if deed == "mute" else {}
    with pytest.raises(Decided, match="alice"):
        getattr(report_decisions, deed)(report=made.pk, by=dora, site=True, **more)
    bob.refresh_from_db()
    assert (bob.is_active, Message.objects.get(pk=rude).deleted_at, PersonMute.objects.count()) == (True, None, 0)


def test_a_report_that_ended_can_be_acted_upon_later_by_who_ended_it(harbour, alice, bob, charlie, rude):
    made = report(rude, charlie)
    report_decisions.dismiss(report=made.pk, by=alice)
    report_decisions.mute(report=made.pk, by=alice, minutes=60)
    made.refresh_from_db()
    assert [act["act"] for act in made.acts] == ["dismiss", "mute"]
    assert made.outcome == "dismissed"
    assert PersonMute.objects.get().user == bob


def test_a_moderator_of_the_room_bans_from_that_room_and_staff_from_the_site(harbour, alice, bob, charlie, dora, rude):
    made = report(rude, charlie)
    report_decisions.ban(report=made.pk, by=alice)
    assert Restriction.objects.get().user == bob
    bob.refresh_from_db()
    assert bob.is_active
    report_decisions.ban(report=made.pk, by=dora, until=timezone.now() + timedelta(days=1), site=True, note="rude")
    bob.refresh_from_db()
    assert not bob.is_active


def test_only_staff_ban_guests(garden, alice, bob, dora, gina):
    made = report(post_message(garden, gina).pk, bob)
    with pytest.raises(Forbidden):
        report_decisions.ban(report=made.pk, by=alice)
    report_decisions.ban(report=made.pk, by=dora, site=True)
    with pytest.raises(NotFound):
        reports.report_message(message=made.message_id, by=gina, reason="spam")


def test_who_is_no_moderator_of_the_room_finds_no_report(harbour, garden, alice, bob, charlie, rude):
    made = report(rude, charlie)
    rooms.set_role(room=garden, user=bob, role="moderator")
    erin = person("erin")
    rooms.join(room=garden, user=erin, role="owner")
    for by in (bob, charlie, erin):
        for verb in (report_decisions.dismiss, report_decisions.remove):
            with pytest.raises(NotFound):
                verb(report=made.pk, by=by)
        with pytest.raises(NotFound):
            report_queue.context_for(by, made.pk)
    with pytest.raises(Forbidden):
        report_queue.of_room(charlie, "harbour")


def test_a_moderator_does_not_decide_about_a_report_of_themselves(harbour, alice, bob):
    made = report(post_message(harbour, alice, "Quiet!").pk, bob)
    assert report_queue.of_room(alice, "harbour").reports == []
    with pytest.raises(NotFound):
        report_decisions.dismiss(report=made.pk, by=alice)


def test_a_report_of_a_direct_message_is_for_staff(bob, charlie, dora):
    room = direct_rooms.find_or_make(people=[charlie.pk], by=bob)
    made = report(post_message(room, bob, "Fool").pk, charlie)
    with pytest.raises(NotFound):
        report_decisions.remove(report=made.pk, by=charlie)
    report_decisions.remove(report=made.pk, by=dora, site=True)
    assert Message.objects.get(pk=made.message_id).removed


def test_a_person_is_reported_to_the_site(alice, bob, charlie, dora):
    made = reports.report_person(person=bob.pk, by=charlie, reason="spam", note="everywhere")
    assert reports.report_person(person=bob.pk, by=charlie, reason="spam").pk == made.pk
    with pytest.raises(NotFound):
        report_decisions.dismiss(report=made.pk, by=alice)
    report_decisions.mute(report=made.pk, by=dora, minutes=60, site=True)
    assert PersonMute.objects.get().room is None
    (text,) = heard(charlie)
    assert "bob" in text


def test_a_message_of_an_archived_room_says_what_to_do(harbour, alice, dora, charlie, rude):
    made = report(rude, charlie)
    rooms.archive(room=harbour)
    with pytest.raises(Archived, match="Restore the room"):
        report_decisions.remove(report=made.pk, by=dora, site=True)


def test_a_moderator_writes_to_the_reporter_in_the_name_of_the_site(alice, charlie, dora, rude):
    made = report(rude, charlie)
    report_decisions.write(report=made.pk, by=alice, body="What happened before?")
    report_decisions.write(report=made.pk, by=dora, body="We look at it.", site=True)
    first, second = heard(charlie)
    assert first == "The moderators of **Harbour**:\n\nWhat happened before?"
    assert second == "We look at it."
    made.refresh_from_db()
    assert made.ended_at is None


def test_the_context_has_ten_messages_before_and_after(harbour, alice, bob, charlie):
    sent = [post_message(harbour, alice, str(number)).pk for number in range(12)]
    rude = post_message(harbour, bob, "Fools")
    sent += [post_message(harbour, alice, str(number)).pk for number in range(12)]
    report(sent[0], charlie)
    made = report(rude.pk, charlie)
    found = report_queue.context_for(alice, made.pk)
    ids = [message.id for message in found.messages]
    assert ids == [*sent[2:12], rude.pk, *sent[12:22]]
    assert (found.about.total, found.reporter.total) == (1, 2)


def test_the_queue_of_a_room_is_paged(harbour, alice, bob, charlie, django_assert_max_num_queries):
    for _number in range(25):
        Report.objects.create(
            message=post_message(harbour, bob), room=harbour, about=bob, reporter_key="u:9", made_at=timezone.now()
        )
    with django_assert_max_num_queries(10):
        first = report_queue.of_room(alice, "harbour")
    rest = report_queue.of_room(alice, "harbour", before=first.reports[-1].id)
    assert (len(first.reports), first.more, len(rest.reports), rest.more, first.open) == (20, True, 5, False, 25)


def test_a_guest_is_told_of_the_end_on_their_page(garden, alice, bob, gina, capture_published):
    said = post_message(garden, bob, "Fools").pk
    made = report(said, gina)
    with capture_published() as envelopes:
        report_decisions.remove(report=made.pk, by=alice)
    (told,) = [envelope for envelope in envelopes if envelope.kind == "report_ended"]
    assert (told.users, told.guests) == ((), (gina.id,))
    assert frames([told]) == [{"type": "report_ended", "outcome": "acted"}]
