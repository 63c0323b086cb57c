"""Reactions: an emoji each, in the order they came."""

import pytest

from chat.domain import messages, rooms
from chat.domain.errors import Forbidden, Invalid
from chat.models import Message, Reaction
from chat.tests.talk import frames, head, say

pytestmark = pytest.mark.django_db

EMOJI = [chr(number) for number in range(0x1F600, 0x1F600 + messages.REACTIONS_LIMIT)]


@pytest.fixture
def hers(harbour, alice):
    """Alice's message in the harbour, at version 1."""
    return say(harbour, alice, "Ahoy")


def react(message, by, emoji="👋", on=True):
    return messages.react(message=message.pk, by=by, emoji=emoji, on=on)


def test_bob_reacts_and_takes_it_back(harbour, hers, alice, bob, heard):
    with heard() as envelopes:
        react(hers, bob)
        react(hers, alice, "🎉")
        react(hers, alice)
        react(hers, bob, on=False)
    shown = [event["message"]["reactions"] for event in frames(envelopes)]
    him, her = ({"id": user.pk, "name": user.username, "avatar": None} for user in (bob, alice))
    assert shown == [
        [{"emoji": "👋", "people": [him]}],
        [{"emoji": "👋", "people": [him]}, {"emoji": "🎉", "people": [her]}],
        [{"emoji": "👋", "people": [him, her]}, {"emoji": "🎉", "people": [her]}],
        [{"emoji": "🎉", "people": [her]}, {"emoji": "👋", "people": [her]}],
    ]
    assert [event["version"] for event in frames(envelopes)] == [2, 3, 4, 5]
    assert Message.objects.get(pk=hers.pk).version == head(harbour) == 5
    assert Message.objects.get(pk=hers.pk).edited_at is None


def test_what_is_already_so_takes_no_version(harbour, hers, bob, heard):
    react(hers, bob)
    with heard() as envelopes:
        react(hers, bob)
        react(hers, bob, "🎉", on=False)
    assert (head(harbour), envelopes) == (2, [])


@pytest.mark.parametrize("emoji", ["👋", "❤️", "👩‍👩‍👧‍👦", "🇫🇷", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "#️⃣", "*️⃣", "©️", "™️", "〰️", "👋🏿"])
def test_any_emoji_will_do_and_these_are_in_the_form_that_is_kept(hers, bob, emoji):
    assert react(hers, bob, emoji).reactions.get().emoji == emoji


@pytest.mark.parametrize(
    "emoji", ["", " ", "a", "<b>", "é", "👋" * 17, "👋 👋", "👋\n", "\ud83d", "\0", "no", "漢", ":)"]
)
def test_what_is_no_emoji_is_refused(hers, bob, emoji):
    with pytest.raises(Invalid) as caught:
        react(hers, bob, emoji)
    assert caught.value.field == "emoji"
    assert not Reaction.objects.exists()


def test_there_is_a_limit_of_different_emoji_and_none_of_people(hers, alice, bob):
    for emoji in EMOJI:
        react(hers, bob, emoji)
    with pytest.raises(Invalid):
        react(hers, alice, "👋")
    react(hers, alice, EMOJI[0])
    react(hers, bob, EMOJI[1], on=False)
    react(hers, alice, "👋")


def test_readers_and_guests_do_not_react(garden, bob, gina):
    message = say(garden, bob)
    rooms.set_role(room=garden, user=bob, role="reader")
    for person in (bob, gina):
        with pytest.raises(Forbidden):
            react(message, person)


def test_charlie_reacts_in_a_public_room_without_joining(garden, alice, charlie):
    react(say(garden, alice), charlie)
    assert not garden.memberships.filter(user=charlie).exists()


# --- With and without U+FE0F

FORMS = {
    "\u2764\ufe0f": ["\u2764"],
    "\u2764\ufe0f\u200d\U0001f525": ["\u2764\u200d\U0001f525"],
    "\U0001f44d": ["\U0001f44d\ufe0f"],
    "\u261d\U0001f3fd": [],
    "1\ufe0f\u20e3": ["1\u20e3"],
    "\U0001f3f3\ufe0f\u200d\U0001f308": ["\U0001f3f3\u200d\U0001f308"],
    "\U0001f575\ufe0f\u200d\u2642\ufe0f": ["\U0001f575\u200d\u2642", "\U0001f575\ufe0f\u200d\u2642"],
}


@pytest.mark.parametrize(("kept", "others"), FORMS.items())
def test_an_emoji_in_other_forms_is_the_same_reaction(hers, alice, bob, kept, others):
    react(hers, alice, kept)
    for emoji in others:
        react(hers, bob, emoji)
        assert {reaction.emoji for reaction in hers.reactions.all()} == {kept}
        react(hers, bob, kept, on=False)
        assert hers.reactions.count() == 1


def test_rows_in_two_forms_are_shown_and_taken_back_as_one(harbour, hers, alice, bob, heard):
    for user in (bob, alice):
        for emoji in ("\u2764", "\u2764\ufe0f"):
            Reaction.objects.create(message=hers, user=user, emoji=emoji)
    react(hers, bob, "\u2764")
    assert head(harbour) == 1
    with heard() as envelopes:
        react(hers, bob, "\u2764", on=False)
    (event,) = frames(envelopes)
    (shown,) = event["message"]["reactions"]
    assert (shown["emoji"], [person["name"] for person in shown["people"]]) == ("\u2764\ufe0f", ["alice"])
