"""Filters of a room, which its moderators see and change without being staff."""

import pytest
from django.core.cache import cache

from chat.domain import rooms
from chat.domain.errors import Filtered, Forbidden, Held, Invalid, NotFound, SlowDown, TooLong
from chat.domain.filters import of_room, stored
from chat.models import MessageFilter, RecordedAction
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db
TEA = {"name": "Tea", "kind": "words", "value": "tea", "limit": 3, "hours": 24, "action": "refuse", "is_on": True}


@pytest.fixture(autouse=True)
def no_counts():
    """Each test begins without counted attempts."""
    cache.clear()


def save(by, room="harbour", **fields) -> None:
    of_room.save(room=room, by=by, **TEA | fields)


def try_out(person, room="harbour", **fields):
    tried = {name: value for name, value in TEA.items() if name != "is_on"}
    return of_room.try_out(person, room, **tried | fields)


def test_a_moderator_adds_changes_switches_off_and_deletes_a_filter(harbour, alice, bob):
    save(alice)
    (row,) = of_room.read(alice, "harbour").filters
    assert (row.name, row.value, row.action, row.is_on) == ("Tea", "tea", "refuse", True)
    with pytest.raises(Filtered):
        post_message(harbour, bob, "Some tea")
    save(alice, filter=row.id, action="hold")
    with pytest.raises(Held):
        post_message(harbour, bob, "Some tea")
    save(alice, filter=row.id, is_on=False)
    post_message(harbour, bob, "Some tea")
    save(alice, filter=row.id)
    of_room.delete(room="harbour", by=alice, filter=row.id)
    post_message(harbour, bob, "More tea")
    assert of_room.read(alice, "harbour").filters == []
    recorded = RecordedAction.objects.filter(verb__startswith="filter.", room=harbour.pk).order_by("pk")
    verbs = ["filter.create", *["filter.change"] * 3, "filter.delete"]
    assert list(recorded.values_list("verb", flat=True)) == verbs


def test_filters_of_one_room_do_not_touch_another(harbour, garden, alice, bob, charlie):
    rooms.join(room=garden, user=charlie, role="owner")
    save(alice)
    save(charlie, room="garden", name="Coffee", value="coffee")
    post_message(garden, bob, "Some tea")
    post_message(harbour, bob, "Some coffee")
    with pytest.raises(Filtered):
        post_message(garden, bob, "Some coffee")
    with pytest.raises(Filtered):
        post_message(harbour, bob, "Some tea")


def test_only_moderators_of_the_room_see_and_change_its_filters(harbour, garden, alice, bob, charlie, dora):
    rooms.join(room=garden, user=charlie, role="owner")
    save(alice)
    site = stored.create(by=dora, name="Site", kind="words", value="sugar", action="hold")
    filter = MessageFilter.objects.get(room=harbour).pk
    for person, error in ((bob, Forbidden), (charlie, NotFound)):
        with pytest.raises(error):
            of_room.read(person, "harbour")
        with pytest.raises(error):
            save(person, filter=filter, value="all")
        with pytest.raises(error):
            of_room.delete(room="harbour", by=person, filter=filter)
        with pytest.raises(error):
            try_out(person)
    # The moderator of another room, and one who names a filter of the site.
    for person, room, other in ((charlie, "garden", filter), (alice, "harbour", site.pk)):
        with pytest.raises(NotFound):
            save(person, room=room, filter=other)
        with pytest.raises(NotFound):
            of_room.delete(room=room, by=person, filter=other)
    assert [each.name for each in of_room.read(alice, "harbour").filters] == ["Tea"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": " "}, Invalid),
        ({"name": "x" * 81}, TooLong),
        ({"kind": "magic"}, Invalid),
        ({"action": "explode"}, Invalid),
        ({"value": ""}, Invalid),
        ({"value": "x" * 20_001}, TooLong),
        ({"kind": "pattern", "value": "("}, Invalid),
        ({"kind": "pattern", "value": r"(\d)\1"}, Invalid),
        # A program of more than 1 MB.
        ({"kind": "pattern", "value": "((a{1,100}){1,10}b{1,500}){1,1000}"}, Invalid),
        ({"kind": "mentions", "limit": 101}, Invalid),
        ({"kind": "new_links", "hours": 0}, Invalid),
    ],
)
def test_what_cannot_work_is_neither_stored_nor_tried(harbour, alice, fields, error):
    with pytest.raises(error) as refused:
        save(alice, **fields)
    assert refused.value.field in fields
    with pytest.raises(error):
        try_out(alice, **fields)
    assert not MessageFilter.objects.exists()


def test_a_pattern_that_stops_other_engines_is_harmless(harbour, alice, bob):
    save(alice, kind="pattern", value="(a+)+$")
    post_message(harbour, bob, "a" * 4000 + "!")
    with pytest.raises(Filtered):
        post_message(harbour, bob, "a" * 4000)


def test_a_room_has_a_bounded_number_of_filters(harbour, alice, monkeypatch):
    monkeypatch.setattr(of_room, "MOST", 2)
    save(alice)
    save(alice, name="Tea 2")
    with pytest.raises(Invalid, match="at most 2"):
        save(alice, name="Tea 3")


def test_changes_and_dry_runs_are_limited(harbour, alice):
    for _run in range(6):
        try_out(alice)
    with pytest.raises(SlowDown):
        try_out(alice)
    save(alice)
    filter = MessageFilter.objects.get().pk
    for _change in range(19):
        save(alice, filter=filter)
    with pytest.raises(SlowDown):
        save(alice, filter=filter)


def test_a_dry_run_counts_what_the_filter_would_have_met_in_this_room(harbour, garden, alice, bob):
    post_message(harbour, bob, "Some tea")
    post_message(harbour, alice, "Coffee")
    post_message(garden, bob, "Tea in the garden")
    result = try_out(alice)
    assert (result.checked, result.met, result.complete) == (2, 1, True)
    # The harbour is private: its moderators read it, staff do not.
    assert [(hit.name, hit.text, hit.found) for hit in result.hits] == [("bob", "Some tea", "tea")]
    assert not MessageFilter.objects.exists()


def test_filters_of_other_rooms_cost_a_post_no_query(harbour, garden, alice, bob, django_assert_num_queries):
    save(alice)
    version = garden._meta.apps.get_model("chat.Site").current().filters_version
    stored.of_room(version, garden.pk)
    with django_assert_num_queries(0):
        assert stored.of_room(version, garden.pk) == ()
    assert [each.name for each in stored.of_room(version, harbour.pk)] == ["Tea"]
    with django_assert_num_queries(0):
        stored.of_room(version, harbour.pk)


def test_a_process_keeps_the_filters_of_a_bounded_number_of_rooms(harbour, garden, alice, charlie, monkeypatch):
    rooms.join(room=garden, user=charlie, role="owner")
    monkeypatch.setattr(stored, "KEPT_ROOMS", 1)
    save(alice)
    save(charlie, room="garden")
    version = garden._meta.apps.get_model("chat.Site").current().filters_version
    for room in (harbour, garden, harbour):
        assert len(stored.of_room(version, room.pk)) == 1
        assert list(stored._kept.rooms) == [room.pk]


def test_a_filter_that_is_gone_is_not_found(harbour, alice):
    save(alice)
    filter = MessageFilter.objects.get().pk
    of_room.delete(room="harbour", by=alice, filter=filter)
    with pytest.raises(NotFound):
        of_room.delete(room="harbour", by=alice, filter=filter)
    with pytest.raises(NotFound):
        save(alice, filter=filter)
