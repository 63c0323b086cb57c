"""What two moderators, or two devices, do at the same moment: with real transactions, each on a thread of its own."""

import threading
import uuid

import pytest
from django.core.cache import cache
from django.db import connection

from chat.domain import held, report_decisions, reports
from chat.domain.errors import Decided, DomainError, Held, Invalid
from chat.domain.filters import of_room, stored
from chat.models import HeldMessage, Membership, Message, MessageFilter, RecordedAction, Report
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_counts():
    """Each test begins without counted attempts."""
    cache.clear()


def at_once(*works) -> list:
    """Run functions at the same moment; returns what each returned, or the error of the domain that it raised."""
    results, barrier = [None] * len(works), threading.Barrier(len(works))

    def run(number, work):
        try:
            barrier.wait(10)
            results[number] = work()
        except DomainError as error:
            results[number] = error
        except BaseException as error:
            results[number] = error
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def hold(room, author) -> HeldMessage:
    with pytest.raises(Held):
        post_message(room, author, "Some tea", client_id=uuid.uuid4())
    return HeldMessage.objects.latest("pk")


@pytest.fixture
def charlie(charlie, harbour):
    """A second moderator."""
    Membership.objects.create(room=harbour, user=charlie, role="moderator")
    return charlie


def test_a_report_is_dismissed_once(harbour, alice, bob, charlie, dora):
    said = post_message(harbour, bob, "Fools").pk
    report = reports.report_message(message=said, by=alice, reason="abuse").pk
    results = at_once(
        lambda: report_decisions.dismiss(report=report, by=alice).pk,
        lambda: report_decisions.dismiss(report=report, by=charlie).pk,
    )
    assert sorted(type(each) for each in results if each != report) == [Decided]
    assert len(Report.objects.get().acts) == 1
    assert RecordedAction.objects.filter(verb="report.dismiss").count() == 1


def test_the_same_message_is_reported_once(harbour, alice, bob):
    said = post_message(harbour, bob, "Fools").pk

    def report():
        return reports.report_message(message=said, by=alice, reason="abuse").pk

    first, second = at_once(report, report)
    assert first == second == Report.objects.get().pk


def test_a_held_message_is_posted_once(harbour, alice, bob, charlie, dora):
    stored.create(by=dora, name="Tea", kind="words", value="tea", action="hold")
    row = hold(harbour, bob).pk
    results = at_once(*[lambda by=by: held.approve(held=row, by=by).pk for by in (alice, charlie)])
    assert results[0] == results[1] == Message.objects.get().pk
    assert RecordedAction.objects.filter(verb="message.approve").count() == 1


@pytest.mark.parametrize("other", ["refuse", "withdraw"])
def test_a_held_message_is_either_posted_or_not(harbour, alice, bob, charlie, dora, other):
    stored.create(by=dora, name="Tea", kind="words", value="tea", action="hold")
    row = hold(harbour, bob)
    ends = {
        "refuse": lambda: held.refuse(held=row.pk, by=charlie),
        "withdraw": lambda: held.withdraw(user=bob, client_id=row.client_id),
    }
    posted, ended = at_once(lambda: held.approve(held=row.pk, by=alice).pk, ends[other])
    row.refresh_from_db()
    if row.state == "posted":
        assert (posted, type(ended)) == (Message.objects.get().pk, Decided)
    else:
        assert (isinstance(posted, DomainError), ended, Message.objects.count()) == (True, None, 0)


def test_a_room_gets_no_filter_too_many(harbour, alice, charlie, monkeypatch):
    monkeypatch.setattr(of_room, "MOST", 1)
    fields = {"kind": "words", "value": "tea", "limit": 3, "hours": 24, "action": "hold"}
    results = at_once(
        *[lambda by=by: of_room.save(room="harbour", by=by, name=by.handle, **fields) for by in (alice, charlie)]
    )
    assert sorted(map(type, results), key=str) == sorted([type(None), Invalid], key=str)
    assert MessageFilter.objects.count() == 1
