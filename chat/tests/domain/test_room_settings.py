"""Who changes which setting of a room, and links to it."""

import pytest
from django.core.cache import cache

from chat.domain import invites, room_settings, rooms
from chat.domain.errors import Archived, Forbidden, Invalid, NotFound, SlowDown
from chat.models import Invite, Room, Site
from chat.tests.cast import person
from chat.tests.talk import frames, head

pytestmark = pytest.mark.django_db

NEW_VALUES = {"topic": "Roses", "slow_mode_s": 9, "name": "Park", "kind": "private", "guests": "none", "archived": True}
NEW_VALUES |= {"who_posts": "nobody", "who_invites": "owners", "who_pins": "owners", "who_mentions_all": "members"}


@pytest.fixture
def mona(garden):
    """A moderator of the garden."""
    mona = person("mona")
    rooms.join(room=garden, user=mona, role="moderator")
    return mona


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("alice", set(NEW_VALUES)),
        ("mona", {"topic", "slow_mode_s", "who_posts"}),
        ("bob", set()),
        ("charlie", set()),
        ("gina", set()),
        ("dora", set()),
    ],
)
@pytest.mark.parametrize("field", NEW_VALUES)
def test_who_may_change_what(garden, alice, bob, charlie, dora, gina, mona, who, allowed, field):
    before = Room.objects.values().get(pk=garden.pk)
    by, change = locals()[who], {field: NEW_VALUES[field]}
    if field in allowed:
        changed = room_settings.change(room="garden", by=by, **change)
        assert changed.archived_at if field == "archived" else getattr(changed, field) == NEW_VALUES[field]
    else:
        with pytest.raises(Forbidden):
            room_settings.change(room="garden", by=by, **change)
        assert Room.objects.values().get(pk=garden.pk) == before


def test_a_change_of_several_settings_takes_one_version_or_none(garden, alice, mona, capture_published):
    with capture_published() as envelopes:
        room_settings.change(room="garden", by=alice, name="Park", topic="Roses", slow_mode_s=5)
    assert [event["state"]["name"] for event in frames(envelopes)] == ["Park"]
    with pytest.raises(Forbidden):
        room_settings.change(room="garden", by=mona, topic="Tulips", name="Meadow")
    assert Room.objects.get(pk=garden.pk).topic == "Roses"
    assert head(garden) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 81),
        ("topic", "x" * 251),
        ("kind", "direct"),
        ("kind", "x"),
        ("guests", "maybe"),
        ("slow_mode_s", -1),
    ],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_field(garden, alice, field, value):
    Site.objects.update(who_opens_to_guests="everyone")
    with pytest.raises(Invalid) as caught:
        room_settings.change(room="garden", by=alice, **{field: value})
    assert caught.value.field == field
    assert head(garden) == 0


def test_in_an_archived_room_only_the_archiving_changes(garden, alice, mona):
    room_settings.change(room="garden", by=alice, archived=True)
    with pytest.raises(Archived):
        room_settings.change(room="garden", by=alice, topic="Leaves")
    with pytest.raises(Forbidden):
        room_settings.change(room="garden", by=mona, archived=False)
    assert room_settings.change(room="garden", by=alice, archived=False).archived_at is None


def test_a_room_of_one_kind_becomes_another_only_for_those_who_may_create_that_kind(garden, alice):
    Site.objects.update(who_creates_private="staff")
    with pytest.raises(Forbidden) as caught:
        room_settings.change(room="garden", by=alice, kind="private")
    assert caught.value.field == "kind"
    Site.objects.update(who_creates_private="everyone")
    assert room_settings.change(room="garden", by=alice, kind="private").guests == "none"


def test_opening_a_room_to_guests_needs_a_permission_of_the_site_and_closing_does_not(garden, alice):
    with pytest.raises(Forbidden):
        room_settings.change(room="garden", by=alice, guests="read")
    room_settings.change(room="garden", by=alice, guests="none")
    with pytest.raises(Forbidden):
        room_settings.change(room="garden", by=alice, guests="write")
    Site.objects.update(who_opens_to_guests="moderators")
    assert room_settings.change(room="garden", by=alice, guests="write").guests == "write"


def test_a_stranger_does_not_find_out_that_a_private_room_exists(harbour, charlie):
    for slug in ("harbour", "no-such-room"):
        with pytest.raises(NotFound) as caught:
            room_settings.change(room=slug, by=charlie, topic="x")
        assert str(caught.value) == "Room not found."


# --- Links


@pytest.fixture(autouse=True)
def _no_counts():
    cache.clear()


def test_a_moderator_makes_a_link_to_the_room(garden, mona, charlie):
    made, token = invites.create_link(room="garden", by=mona)
    assert (made.room, made.created_by, made.uses_left) == (garden, mona, invites.LINK_USES)
    assert invites.use(token, user=charlie) == garden


@pytest.mark.parametrize("who", ["bob", "charlie", "gina"])
def test_others_make_no_link(garden, bob, charlie, gina, who):
    for room in ("garden", None):
        with pytest.raises(Forbidden):
            invites.create_link(room=room, by=locals()[who])
    assert not Invite.objects.exists()


def test_the_site_says_who_makes_links(garden, harbour, alice, dora):
    Site.objects.update(who_invites="staff")
    with pytest.raises(Forbidden):
        invites.create_link(room="harbour", by=alice)
    assert invites.create_link(room=None, by=dora)[0].room is None
    # Dora is staff, but not in the harbour.
    with pytest.raises(NotFound):
        invites.create_link(room="harbour", by=dora)
    Site.objects.update(who_invites="everyone")
    assert invites.create_link(room="harbour", by=alice)[0].room == harbour


def test_there_is_no_link_to_an_archived_room(garden, alice):
    rooms.archive(room=garden)
    with pytest.raises(Archived):
        invites.create_link(room="garden", by=alice)


def test_nobody_makes_hundreds_of_links(garden, alice, monkeypatch):
    monkeypatch.setattr(invites.throttle, "NEW_LINK", invites.throttle.Rule("few", (invites.throttle.Limit(2, 60),)))
    for _ in range(2):
        invites.create_link(room="garden", by=alice)
    with pytest.raises(SlowDown):
        invites.create_link(room="garden", by=alice)
