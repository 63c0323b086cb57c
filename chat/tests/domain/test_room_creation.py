"""Creating rooms as a person: who may, the slug, the first members."""

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.domain import room_creation, room_names, rooms, site_permissions, throttle
from chat.domain.errors import DomainError, Forbidden, Invalid, SlowDown
from chat.models import Membership, Room, Site
from chat.tests.talk import frames

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts():
    cache.clear()


def roles(room):
    return dict(Membership.objects.filter(room=room).values_list("user__handle", "role"))


def test_alice_owns_the_room_that_she_creates_and_its_first_members_see_it(alice, bob, charlie, capture_published):
    with capture_published() as envelopes:
        room = room_creation.create(by=alice, name=" Tea  room ", topic="Hot\nwater", people=[bob.pk, charlie.pk])
    assert (room.slug, room.name, room.topic, room.kind) == ("tea-room", "Tea room", "Hot water", "public")
    assert roles(room) == {"alice": "owner", "bob": "member", "charlie": "member"}
    added = [envelope.users for envelope in envelopes if envelope.kind == "room_added"]
    assert sorted(sum(added, ())) == sorted([alice.pk, bob.pk, charlie.pk])
    assert {frame["state"]["name"] for frame in frames(envelopes)} == {"Tea room"}


@pytest.mark.parametrize(("kind", "hints"), [("public", 1), ("private", 0)])
def test_open_lists_of_rooms_get_a_hint_of_a_new_public_room(alice, capture_published, kind, hints):
    with capture_published() as envelopes:
        room_creation.create(by=alice, name="Tea", kind=kind)
    assert len([envelope for envelope in envelopes if envelope.kind == "public_rooms"]) == hints


def test_rooms_of_similar_names_have_different_slugs(alice):
    slugs = [room_creation.create(by=alice, name=name).slug for name in ("Tea", "Tea!", "Tea?")]
    assert slugs == ["tea", "tea-2", "tea-3"]
    assert [room_creation.create(by=alice, name=name).slug for name in ("茶", "🍵")] == ["room", "room-2"]


def test_after_many_rooms_of_similar_names_a_slug_has_a_random_end(alice, monkeypatch):
    monkeypatch.setattr(room_creation, "MAX_NUMBERED", 2)
    slugs = [room_creation.create(by=alice, name=name).slug for name in ("Tea", "Tea!", "Tea?", "Tea 🍵")]
    assert slugs[:2] == ["tea", "tea-2"]
    assert all(slug.startswith("tea-") and len(slug) == 10 for slug in slugs[2:])
    assert len(set(slugs)) == 4


def test_a_slug_that_another_takes_at_the_same_moment_is_made_again(alice, monkeypatch):
    Room.objects.create(slug="tea-taken1", name="Tea", kind="private")
    ends = iter(["taken1", "taken1", "free22"])
    monkeypatch.setattr(room_names, "random_end", lambda: next(ends))
    assert room_creation.create(by=alice, name="Tea", kind="private").slug == "tea-free22"


def test_the_slug_of_a_private_room_does_not_show_that_another_one_exists(alice, bob):
    first = room_creation.create(by=alice, name="Layoffs", kind="private")
    assert first.slug.startswith("layoffs-")
    assert room_creation.create(by=bob, name="Layoffs").slug == "layoffs"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", " \u200b "),
        ("name", "x" * 81),
        ("name", "\u0301" * 80),
        ("topic", "x" * 251),
        ("kind", "direct"),
        ("kind", "secret"),
        ("people", [10**9]),
    ],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_field_and_no_room_is_made(alice, field, value):
    with pytest.raises(Invalid) as caught:
        room_creation.create(**{"by": alice, "name": "Tea"} | {field: value})
    assert caught.value.field == field
    assert not Room.objects.exists()


def test_a_person_whose_account_is_closed_cannot_be_a_first_member(alice, bob):
    bob.is_active = False
    bob.save()
    with pytest.raises(Invalid):
        room_creation.create(by=alice, name="Tea", people=[bob.pk])
    assert not Room.objects.exists()


def test_guests_create_nothing(set_up_site, gina):
    with pytest.raises(Forbidden):
        room_creation.create(by=gina, name="Tea")


def allow(**who):
    Site.objects.update(**who)


@pytest.mark.parametrize("kind", ["public", "private"])
def test_the_site_says_who_creates_which_kind(set_up_site, lobby, alice, bob, dora, kind):
    rooms.join(room=lobby, user=alice, role="moderator")
    # Everyone last: then Bob owns a public room, which makes him a moderator.
    allowed = {"staff": [dora], "moderators": [alice, dora], "everyone": [alice, bob, dora]}
    for level, people in allowed.items():
        allow(**{f"who_creates_{kind}": level})
        for user in (alice, bob, dora):
            if user in people:
                name = f"Tea of {user.handle}, {level}"
                assert room_creation.create(by=user, name=name, kind=kind).kind == kind
            else:
                with pytest.raises(Forbidden):
                    room_creation.create(by=user, name="Tea", kind=kind)


def test_the_owner_of_a_private_room_is_no_moderator_of_the_site(set_up_site, harbour, alice):
    allow(who_creates_public="moderators")
    with pytest.raises(Forbidden):
        room_creation.create(by=alice, name="Tea")


def test_django_permissions_allow_more_and_count_at_once(set_up_site, bob):
    allow(who_creates_public="staff", who_creates_private="staff", who_invites="staff", who_adds_emoji="staff")
    assert site_permissions.of(bob) == set()
    permission = Permission.objects.get(codename="create_private_room", content_type__app_label="chat")
    bob.user_permissions.add(permission)
    # The same instance, as a socket keeps it: its cached permissions do not count.
    assert site_permissions.of(bob) == {"create_private_room"}
    bob.user_permissions.clear()
    assert site_permissions.of(bob) == set()


def test_nobody_creates_hundreds_of_rooms(alice, monkeypatch):
    monkeypatch.setattr(throttle, "NEW_ROOM", throttle.Rule("few-rooms", (throttle.Limit(2, 60),)))
    for name in ("Tea", "Coffee"):
        room_creation.create(by=alice, name=name)
    with pytest.raises(Invalid):
        room_creation.create(by=alice, name="")
    with pytest.raises(SlowDown):
        room_creation.create(by=alice, name="Tea")
    assert Room.objects.count() == 2


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=100), topic=st.text(max_size=300), kind=st.sampled_from(["public", "private", "x"]))
def test_any_name_makes_a_room_with_a_valid_slug_or_is_refused_with_a_field(alice, monkeypatch, name, topic, kind):
    monkeypatch.setattr(throttle, "NEW_ROOM", throttle.Rule("many-rooms", (throttle.Limit(10**6, 60),)))
    name, topic = (text.encode("utf-8", "replace").decode().replace("\0", "\ufffd") for text in (name, topic))
    try:
        room = room_creation.create(by=alice, name=name, topic=topic, kind=kind)
    except DomainError as error:
        refused = (error.code, error.field)
    else:
        room.full_clean()
        refused = None
    assert refused in {None, ("invalid", "name"), ("name_taken", "name"), ("invalid", "topic"), ("invalid", "kind")}
