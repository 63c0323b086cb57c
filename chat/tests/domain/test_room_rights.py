"""The rights that a room gives its members: who posts, adds people, pins, and mentions everyone."""

from uuid import uuid4

import pytest

from chat.domain import access, members, messages, pins, polls, room_policy, room_settings, rooms, scheduled, uploads
from chat.domain.errors import Forbidden
from chat.models import Membership, Room
from chat.protocol.things import PostedPoll
from chat.tests.cast import person
from chat.tests.talk import frames, head, post_message

pytestmark = pytest.mark.django_db


def can_post(person, room="harbour") -> bool:
    try:
        post_message(Room.objects.get(slug=room), person)
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("everyone", {"owner", "moderator", "member"}),
        ("named", {"owner", "moderator"}),
        ("moderators", {"owner", "moderator"}),
        ("nobody", set()),
    ],
)
def test_who_posts_by_role(harbour, bob, who, allowed):
    rooms.change(room=harbour, who_posts=who)
    for role in Membership.Role.values:
        rooms.set_role(room=harbour, user=bob, role=role)
        assert can_post(bob) == (role in allowed), role


def test_a_named_member_posts_where_only_named_people_do(harbour, alice, bob, capture_published):
    room_settings.change(room="harbour", by=alice, who_posts="named")
    assert not can_post(bob)
    with capture_published() as envelopes:
        members.name_to_post(room="harbour", by=alice, person=bob.pk, on=True)
    (state,) = [event["state"] for event in frames(envelopes) if event["type"] == "room_added"]
    assert state["named_to_post"]
    assert can_post(bob)
    members.name_to_post(room="harbour", by=alice, person=bob.pk, on=False)
    assert not can_post(bob)


def test_a_named_reader_does_not_post(harbour, bob):
    rooms.change(room=harbour, who_posts="named")
    rooms.name_to_post(room=harbour, user=bob, on=True)
    rooms.set_role(room=harbour, user=bob, role="reader")
    assert not can_post(bob)


def test_only_owners_and_moderators_name_people(harbour, bob, charlie):
    rooms.join(room=harbour, user=charlie)
    with pytest.raises(Forbidden):
        members.name_to_post(room="harbour", by=bob, person=charlie.pk, on=True)


def test_people_who_may_not_post_can_still_react_edit_and_vote(harbour, alice, bob):
    mine = post_message(harbour, bob, "mine").pk
    poll = messages.post(
        room="harbour", author=alice, body="Tea?", client_id=uuid4(), poll=PostedPoll(options=["Yes", "No"])
    ).pk
    rooms.change(room=harbour, who_posts="moderators")
    messages.react(message=poll, by=bob, emoji="👍", on=True)
    messages.edit(message=mine, by=bob, body="still mine")
    polls.vote(message=poll, by=bob, options=[0])
    for refused in (
        lambda: messages.post(room="harbour", author=bob, body="more", client_id=uuid4(), thread=poll),
        lambda: messages.render(room="harbour", by=bob, body="more"),
        lambda: uploads.create(room="harbour", by=bob, size=3, name="a.txt"),
        lambda: scheduled.schedule(
            room="harbour", author=bob, body="later", client_id=uuid4(), at=harbour.created_at.replace(year=2100)
        ),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_messages_of_a_read_only_room_can_only_be_deleted(harbour, alice, bob):
    mine = post_message(harbour, bob, "mine").pk
    rooms.change(room=harbour, who_posts="nobody")
    for refused in (
        lambda: messages.react(message=mine, by=alice, emoji="👍", on=True),
        lambda: messages.edit(message=mine, by=bob, body="other"),
        lambda: pins.pin(message=mine, by=alice, on=True),
    ):
        with pytest.raises(Forbidden):
            refused()
    messages.delete(message=mine, by=bob)


def test_strangers_and_guests_cannot_post_where_only_moderators_do(garden, charlie, gina):
    rooms.change(room=garden, who_posts="moderators")
    assert not can_post(charlie, "garden")
    assert not can_post(gina, "garden")
    assert not Membership.objects.filter(room=garden, user=charlie).exists()


def test_a_change_of_who_posts_stops_a_post_that_was_checked_before(harbour, bob):
    before = access.get_visible(bob, "harbour").rules
    rooms.change(room=harbour, who_posts="nobody")
    assert access.get_visible(bob, "harbour").rules > before


@pytest.mark.parametrize(
    ("circle", "allowed"),
    [
        ("members", {"owner", "moderator", "member"}),
        ("moderators", {"owner", "moderator"}),
        ("owners", {"owner"}),
    ],
)
def test_a_circle_of_members_adds_people_pins_and_mentions_everyone(harbour, alice, bob, circle, allowed):
    rooms.change(room=harbour, who_invites=circle, who_pins=circle, who_mentions_all=circle)
    for role in Membership.Role.values:
        rooms.set_role(room=harbour, user=bob, role=role)
        expected = role in allowed
        given = room_policy.rights(access.get_visible(bob, "harbour"), ())
        assert [name in given for name in ("add", "pin", "mention_all")] == [expected] * 3
        if role == "reader":
            continue
        assert post_message(harbour, bob, "@all ahoy").mentions == (
            {"people": [], "rooms": [], "all": True, "here": False} if expected else None
        )
        message = post_message(harbour, alice).pk
        newcomer = person(f"{circle}-{role}")
        for verb in (
            lambda message=message: pins.pin(message=message, by=bob, on=True),
            lambda newcomer=newcomer: members.add(room="harbour", by=bob, people=[newcomer.pk]),
        ):
            if expected:
                verb()
            else:
                with pytest.raises(Forbidden):
                    verb()


def test_owners_and_moderators_add_people_to_a_new_private_room(alice):
    assert rooms.create(slug="den", name="Den", kind="private", by=alice).who_invites == "moderators"
    assert rooms.create(slug="quay", name="Quay", by=alice).who_invites == "members"


def test_a_room_that_becomes_private_is_closed_to_invitations_of_members(garden, bob):
    assert rooms.change(room=garden, kind="private").who_invites == "moderators"
    with pytest.raises(Forbidden):
        members.add(room="garden", by=bob, people=[person("nina").pk])


def test_a_change_of_several_rights_takes_one_version(harbour, alice):
    room_settings.change(room="harbour", by=alice, who_posts="moderators", who_pins="owners")
    assert head(harbour) == 1
