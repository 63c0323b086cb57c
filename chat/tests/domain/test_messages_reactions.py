"""Reactions, in the order they were added."""

import pytest

from chat.domain import message_log, messages, rooms
from chat.domain.errors import Forbidden, Invalid
from chat.models import Message, Reaction
from chat.tests.cast import person
from chat.tests.domain.test_query_counts import count_queries
from chat.tests.talk import frames, head, post_message

pytestmark = pytest.mark.django_db

EMOJI = [chr(number) for number in range(0x1F600, 0x1F600 + messages.REACTIONS_LIMIT)]


@pytest.fixture
def hers(harbour, alice):
    """Alice's message in the harbour, at version 1."""
    return post_message(harbour, alice, "Ahoy")


def react(message, by, emoji="👋", on=True):
    return messages.react(message=message.pk, by=by, emoji=emoji, on=on)


def test_bob_adds_and_removes_a_reaction(harbour, hers, alice, bob, capture_published):
    with capture_published() as envelopes:
        react(hers, bob)
        react(hers, alice, "🎉")
        react(hers, alice)
        react(hers, bob, on=False)
    shown = [event["message"]["reactions"] for event in frames(envelopes)]
    him, her = ({"id": user.pk, "name": user.handle} for user in (bob, alice))
    assert shown == [
        [{"emoji": "👋", "count": 1, "people": [him]}],
        [{"emoji": "👋", "count": 1, "people": [him]}, {"emoji": "🎉", "count": 1, "people": [her]}],
        [{"emoji": "👋", "count": 2, "people": [him, her]}, {"emoji": "🎉", "count": 1, "people": [her]}],
        [{"emoji": "🎉", "count": 1, "people": [her]}, {"emoji": "👋", "count": 1, "people": [her]}],
    ]
    assert [event["version"] for event in frames(envelopes)] == [2, 3, 4, 5]
    assert Message.objects.get(pk=hers.pk).version == head(harbour) == 5
    assert Message.objects.get(pk=hers.pk).edited_at is None


def test_a_change_without_effect_takes_no_version(harbour, hers, bob, capture_published):
    react(hers, bob)
    with capture_published() as envelopes:
        react(hers, bob)
        react(hers, bob, "🎉", on=False)
    assert (head(harbour), envelopes) == (2, [])


@pytest.mark.parametrize("emoji", ["👋", "❤️", "👩‍👩‍👧‍👦", "🇫🇷", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "#️⃣", "*️⃣", "©️", "™️", "〰️", "👋🏿"])
def test_any_emoji_is_accepted_and_stored_in_its_canonical_form(hers, bob, emoji):
    assert react(hers, bob, emoji).reactions.get().emoji == emoji


@pytest.mark.parametrize(
    "emoji", ["", " ", "a", "<b>", "é", "👋" * 17, "👋 👋", "👋\n", "\ud83d", "\0", "no", "漢", ":)"]
)
def test_a_text_that_is_no_emoji_is_refused(hers, bob, emoji):
    with pytest.raises(Invalid) as caught:
        react(hers, bob, emoji)
    assert caught.value.field == "emoji"
    assert not Reaction.objects.exists()


def test_different_emoji_are_limited_and_people_are_not(hers, alice, bob):
    for emoji in EMOJI:
        react(hers, bob, emoji)
    with pytest.raises(Invalid):
        react(hers, alice, "👋")
    react(hers, alice, EMOJI[0])
    react(hers, bob, EMOJI[1], on=False)
    react(hers, alice, "👋")


def test_an_emoji_names_the_first_50_people_and_counts_all(harbour, hers, alice, capture_published):
    crowd = [person(f"sailor-{number}") for number in range(60)]
    Reaction.objects.bulk_create(Reaction(message=hers, user=user, emoji="👋") for user in crowd)
    with capture_published() as envelopes:
        react(hers, alice)
    (event,) = frames(envelopes)
    (page,) = message_log.page_before(harbour.pk).messages
    for (shown,) in (event["message"]["reactions"], page.model_dump()["reactions"]):
        assert shown["count"] == 61
        assert [who["id"] for who in shown["people"]] == [user.pk for user in crowd[:50]]


def test_readers_and_guests_cannot_react(garden, bob, gina):
    message = post_message(garden, bob)
    rooms.set_role(room=garden, user=bob, role="reader")
    for reader in (bob, gina):
        with pytest.raises(Forbidden):
            react(message, reader)


def test_a_reaction_in_a_public_room_does_not_join_it(garden, alice, charlie):
    react(post_message(garden, alice), charlie)
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


def test_two_stored_forms_of_an_emoji_are_one_reaction(harbour, hers, alice, bob, capture_published):
    for user in (bob, alice):
        for emoji in ("\u2764", "\u2764\ufe0f"):
            Reaction.objects.create(message=hers, user=user, emoji=emoji)
    react(hers, bob, "\u2764")
    assert head(harbour) == 1
    with capture_published() as envelopes:
        react(hers, bob, "\u2764", on=False)
    (event,) = frames(envelopes)
    (shown,) = event["message"]["reactions"]
    assert (shown["emoji"], [person["name"] for person in shown["people"]]) == ("\u2764\ufe0f", ["alice"])


def test_a_thousand_reactions_take_no_more_queries_and_name_50_people_each(harbour, hers, alice, bob):
    react(hers, bob)

    few = count_queries(lambda: react(hers, alice))
    crowd = [person(f"sailor-{number}") for number in range(60)]
    rows = [Reaction(message=hers, user=user, emoji=emoji) for emoji in EMOJI[:20] for user in crowd]
    Reaction.objects.bulk_create(rows)
    assert count_queries(lambda: react(hers, alice, EMOJI[0])) == few
    shown = messages.serialized(Message.objects.get(pk=hers.pk)).reactions
    assert (len(shown), sum(each.count for each in shown)) == (21, 1203)
    assert max(len(each.people) for each in shown) == 50
