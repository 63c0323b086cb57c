"""Who is named by `@name`, and that it is counted."""

import pytest

from chat.domain import messages, rooms
from chat.models import Mention
from chat.tests.cast import person
from chat.tests.talk import say

pytestmark = pytest.mark.django_db


def named(message) -> set[str]:
    return set(Mention.objects.filter(message=message).values_list("user__username", flat=True))


@pytest.mark.parametrize(
    "body",
    [
        "@bob",
        "Ahoy @bob!",
        "(@bob)",
        "@bob, @bob and @bob.",
        "**@bob**",
        "@bob-",
        "@bob@",
        "Ahoy\n@bob",
        "…@bob…",
        "@@bob @bob",
    ],
)
def test_alice_names_bob(harbour, alice, body):
    assert named(say(harbour, alice, body)) == {"bob"}


@pytest.mark.parametrize(
    "body", ["bob", "@ bob", "x@bob", "@bobby", "@@bob", "@bob_", "a@bob.org", "@bob.smith", "@all", "@"]
)
def test_alice_does_not_name_bob(harbour, alice, bob, body):
    rooms.set_role(room=harbour, user=alice, role="member")
    assert named(say(harbour, alice, body)) == set()


@pytest.mark.parametrize("name", ["bob.smith", "bob+1", "bob-1", "bob_1", "bob@example.org", "Ünal", "李"])
def test_names_have_the_letters_that_names_may_have(harbour, alice, name):
    rooms.join(room=harbour, user=person(name))
    assert named(say(harbour, alice, f"Ahoy @{name}.")) == {name}


def test_members_of_the_room_are_named_and_no_strangers(harbour, alice, charlie):
    assert named(say(harbour, alice, "@bob @charlie @nobody")) == {"bob"}


def test_nobody_names_themselves(harbour, alice):
    assert named(say(harbour, alice, "@alice @bob")) == {"bob"}


def test_bob_is_named_by_a_guest(garden, gina):
    assert named(say(garden, gina, "@bob")) == {"bob"}


def test_alice_names_all_as_a_moderator(harbour, alice, bob):
    rooms.join(room=harbour, user=person("erin"))
    assert named(say(harbour, alice, "Ahoy @all")) == {"bob", "erin"}


def test_bob_does_not_name_all_as_a_member(harbour, bob):
    assert named(say(harbour, bob, "Ahoy @all")) == set()
    assert named(say(harbour, bob, "Ahoy @all, @alice")) == {"alice"}


def test_gina_does_not_name_all(garden, gina):
    assert named(say(garden, gina, "@all")) == set()


def test_an_edit_names_anew(harbour, alice):
    rooms.join(room=harbour, user=person("erin"))
    message = say(harbour, alice, "Ahoy @bob")
    messages.edit(message=message.pk, by=alice, body="Ahoy @erin")
    assert named(message) == {"erin"}
    messages.edit(message=message.pk, by=alice, body="Ahoy")
    assert named(message) == set()
    messages.edit(message=message.pk, by=alice, body="Ahoy @all")
    assert named(message) == {"bob", "erin"}


def test_charlie_is_not_named_by_the_message_that_he_joins_with(garden, charlie):
    assert named(say(garden, charlie, "@charlie @alice")) == {"alice"}
