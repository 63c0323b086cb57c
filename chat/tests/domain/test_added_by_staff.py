"""A private room is told whom staff have added to it from outside."""

import pytest
from django.contrib.auth.models import Group

from chat.domain import acting, added_by_staff, bulk_members, group_rooms, members, room_openings, rooms, sites
from chat.domain.errors import Forbidden
from chat.models import Membership, Message, RecordedAction
from chat.tests.cast import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("set_up_site")]


@pytest.fixture(autouse=True)
def nobody_acts():
    """As in a command or a job."""
    yield
    acting.end()


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """Function that does something and returns the texts that the room got by it."""

    def call(place, verb, *arguments, **named):
        before = set(Message.objects.filter(room=place).values_list("pk", flat=True))
        with django_capture_on_commit_callbacks(execute=True):
            verb(*arguments, **named)
        return [message.text for message in Message.objects.filter(room=place).exclude(pk__in=before)]

    return call


def test_the_room_reads_whom_dora_has_added_and_the_record_has_it(told, harbour, dora, charlie):
    texts = told(harbour, added_by_staff.add, room=harbour, user=charlie, role="member", by=dora)
    assert texts == ["dora, an admin of the site, added to this room: charlie"]
    row = RecordedAction.objects.get(verb="member.add", object_id=str(charlie.pk))
    assert (row.actor_name, row.room) == ("dora", harbour.pk)
    assert told(harbour, added_by_staff.add, room=harbour, user=charlie, role="member", by=dora) == []


def test_a_pasted_list_and_a_group_are_told_too(told, harbour, dora, charlie):
    crew = [person(f"sailor-{number}") for number in range(7)]
    texts = told(harbour, bulk_members.add, room=harbour, text=" ".join(map(str, crew)), by=dora)
    assert texts == ["dora, an admin of the site, added 7 people to this room."]
    group = Group.objects.create(name="Harbour masters")
    acting.begin(dora, "192.0.2.1")
    assert told(harbour, group_rooms.bind, room=harbour, groups=[group], by=dora) == []
    texts = told(harbour, charlie.groups.add, group)
    assert texts == ["dora, an admin of the site, added to this room: charlie"]


def test_members_public_rooms_and_programs_are_not_told_of(told, harbour, lobby, alice, dora, charlie):
    erin = person("erin")
    assert told(harbour, members.add, room=harbour.slug, by=alice, people=[erin.pk]) == []
    assert told(lobby, added_by_staff.add, room=lobby, user=charlie, role="member", by=dora) == []
    group = Group.objects.create(name="Harbour masters")
    harbour.groups.add(group)
    assert told(harbour, charlie.groups.add, group) == []


def test_an_owner_who_is_staff_adds_people_as_any_owner(told, harbour, alice, charlie):
    type(alice).objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    alice.refresh_from_db()
    assert told(harbour, added_by_staff.add, room=harbour, user=charlie, role="member", by=alice) == []


def test_who_has_opened_the_room_and_adds_themselves_is_told_of(told, harbour, dora):
    with pytest.raises(Forbidden):
        added_by_staff.add(room=harbour, user=dora, role="member", by=dora)
    room_openings.open_room(place=harbour.slug, by=dora, reason="A complaint")
    texts = told(harbour, added_by_staff.add, room=harbour, user=dora, role="member", by=dora)
    assert texts == ["dora, an admin of the site, added to this room: dora"]


def test_a_site_that_tells_of_no_openings_tells_nothing_and_an_archived_room_is_not_told(
    told, harbour, dora, charlie, bob
):
    sites.tell_openings(on=False)
    assert told(harbour, added_by_staff.add, room=harbour, user=charlie, role="member", by=dora) == []
    sites.tell_openings(on=True)
    rooms.archive(room=harbour)
    harbour.refresh_from_db()
    erin = person("erin")
    assert told(harbour, added_by_staff.add, room=harbour, user=erin, role="member", by=dora) == []
    assert Membership.objects.filter(room=harbour, user=erin).exists()
