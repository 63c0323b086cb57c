"""Names of rooms that look alike."""

import pytest

from chat.domain import room_creation, room_settings, rooms, throttle
from chat.domain.errors import NameTaken
from chat.models import Room

pytestmark = pytest.mark.django_db

LOOK_ALIKE = [
    "General",
    "general",
    "GENERAL",
    "Ｇｅｎｅｒａｌ",
    "Gеnеrаl",
    "Generaⅼ",
    " General ",
    "Genera\u200bl",
    "Genera1",
]


@pytest.fixture(autouse=True)
def no_limit_of_new_rooms(monkeypatch):
    """People may create many rooms."""
    monkeypatch.setattr(throttle, "NEW_ROOM", throttle.Rule("many-rooms", (throttle.Limit(10**6, 60),)))


@pytest.fixture
def general(alice) -> Room:
    """A public room of Alice."""
    return room_creation.create(by=alice, name="General")


@pytest.mark.parametrize("name", LOOK_ALIKE)
@pytest.mark.parametrize("kind", ["public", "private"])
def test_a_room_cannot_look_like_another_one(general, bob, name, kind):
    with pytest.raises(NameTaken) as refusal:
        room_creation.create(by=bob, name=name, kind=kind)
    assert (refusal.value.code, refusal.value.field) == ("name_taken", "name")
    assert Room.objects.count() == 1


@pytest.mark.parametrize("name", ["Generals", "General 2", "Général", "将军", "🎖"])
def test_other_names_are_free(general, bob, name):
    assert room_creation.create(by=bob, name=name).name == name


def test_renaming_follows_the_same_rule_and_a_room_may_change_the_case_of_its_own_name(general, alice, bob):
    tea = room_creation.create(by=bob, name="Tea")
    with pytest.raises(NameTaken):
        room_settings.change(room=tea.slug, by=bob, name="GENERAL")
    assert room_settings.change(room=tea.slug, by=bob, name="TEA", topic="Hot").name == "TEA"
    assert room_settings.change(room=general.slug, by=alice, name="Tea party").name == "Tea party"
    assert room_settings.change(room=tea.slug, by=bob, name="General").name == "General"


def test_a_private_room_is_not_revealed_to_those_outside_and_counts_for_its_members(alice, bob, charlie):
    secret = room_creation.create(by=alice, name="Layoffs", kind="private", people=[bob.pk])
    assert room_creation.create(by=charlie, name="Layoffs").name == "Layoffs"
    with pytest.raises(NameTaken):
        room_creation.create(by=bob, name="Layoffs", kind="private")
    # Two that look alike may stay as they are.
    assert room_settings.change(room=secret.slug, by=alice, name="Layoffs", topic="Soon").topic == "Soon"


def test_an_archived_room_leaves_its_name_free(general, alice, bob):
    rooms.archive(room=general)
    assert room_creation.create(by=bob, name="General").slug == "general-2"
