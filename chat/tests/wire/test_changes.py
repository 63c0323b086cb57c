"""`edit`, `delete`, `react`: changes of messages, for watchers and for clients that were away."""

import pytest

from .asking import refusal


@pytest.fixture
async def hello(alice, bob, room) -> dict:
    """A message of Alice in the room, which Bob has got."""
    message = await alice.post_message(room, "hello")
    await bob.wait_for_frame("message", room, version=1)
    return message


async def test_watchers_get_an_edit_with_its_time(alice, bob, room, hello):
    edited = (await alice.ask("edit", message=hello["id"], body="hello *all*"))["message"]
    assert (await bob.wait_for_frame("message", room, version=2))["message"] == edited
    assert edited == hello | {
        "version": 2,
        "text": "hello *all*",
        "html": "<p>hello <em>all</em></p>\n",
        "edited_at": edited["edited_at"],
    }
    assert edited["edited_at"] > edited["at"]


async def test_an_edit_to_the_same_words_changes_nothing(alice, hello):
    assert (await alice.ask("edit", message=hello["id"], body="hello"))["message"] == hello


async def test_a_deleted_message_keeps_its_place_and_has_no_text_and_no_reactions(alice, bob, room, hello):
    await bob.ask("react", message=hello["id"], emoji="👍", on=True)
    gone = (await alice.ask("delete", message=hello["id"]))["message"]
    assert (await bob.wait_for_frame("message", room, version=3))["message"] == gone
    assert (gone["deleted"], gone["text"], gone["html"], gone["reactions"]) == (True, "", "", [])
    assert (gone["id"], gone["seq"], gone["author"]) == (hello["id"], hello["seq"], hello["author"])
    assert (await alice.ask("delete", message=hello["id"]))["message"] == gone


async def test_moderators_can_read_what_was_edited_and_deleted(place, alice, hello):
    await alice.ask("edit", message=hello["id"], body="second")
    await alice.ask("delete", message=hello["id"])
    code = """
        from chat.models import Revision
        result = list(Revision.objects.filter(message=id).values_list("text", flat=True))
    """
    assert place.python(code, id=hello["id"]) == ["hello", "second"]


async def test_a_reaction_names_who_reacted_and_can_be_removed(alice, bob, room, hello):
    of_alice, of_bob = (
        {"id": who.welcome["you"]["user"]["id"], "name": name} for who, name in ((alice, "alice"), (bob, "bob"))
    )
    await bob.ask("react", message=hello["id"], emoji="👩‍👩‍👧‍👦", on=True)
    both = (await alice.ask("react", message=hello["id"], emoji="👩‍👩‍👧‍👦", on=True))["message"]
    assert both["reactions"] == [{"emoji": "👩‍👩‍👧‍👦", "count": 2, "people": [of_bob, of_alice]}]
    less = (await bob.ask("react", message=hello["id"], emoji="👩‍👩‍👧‍👦", on=False))["message"]
    assert less["reactions"] == [{"emoji": "👩‍👩‍👧‍👦", "count": 1, "people": [of_alice]}]
    assert (await bob.wait_for_frame("message", room, version=4))["message"] == less


async def test_a_repeated_reaction_is_stored_once_and_takes_one_version(bob, hello):
    first = (await bob.ask("react", message=hello["id"], emoji="❤️", on=True))["message"]
    again = (await bob.ask("react", message=hello["id"], emoji="❤️", on=True))["message"]
    assert first == again
    assert again["version"] == 2
    assert (await bob.ask("react", message=hello["id"], emoji="🚀", on=False))["message"]["version"] == 2


async def test_only_an_emoji_is_a_reaction(bob, hello):
    for emoji in ("", "x", "a word", "1", "<b>", "👍" * 40, "\u202e", "\x00", "\ud800"):
        refused = await refusal(bob.ask("react", message=hello["id"], emoji=emoji, on=True))
        assert (refused.code, refused.field) == ("invalid", "emoji"), ascii(emoji)


async def test_a_client_that_was_away_gets_edits_deletions_and_reactions(alice, connect, room):
    messages = [await alice.post_message(room, f"line {n}") for n in range(4)]
    bob = await connect("bob", rooms=[room])
    before = bob.copies[room].since()
    await bob.ask("close", room=room)
    await alice.ask("edit", message=messages[0]["id"], body="edited")
    await alice.ask("delete", message=messages[1]["id"])
    await alice.ask("react", message=messages[2]["id"], emoji="🎉", on=True)
    await alice.ask("edit", message=messages[0]["id"], body="edited again")
    reply = await bob.ask("open", room=room, **before)
    assert [(m["seq"], m["version"]) for m in reply["messages"]] == [(2, 6), (3, 7), (1, 8)]
    assert (reply["after"], reply["upto"]) == (4, 8)
    assert bob.copies[room].in_order() == alice.copies[room].in_order()


async def test_bob_cannot_edit_alices_message(bob, hello):
    assert (await refusal(bob.ask("edit", message=hello["id"], body="mine now"))).code == "forbidden"


async def test_alice_the_owner_cannot_edit_bobs_message_but_can_delete_it(alice, bob, room):
    his = await bob.post_message(room, "spam")
    assert (await refusal(alice.ask("edit", message=his["id"], body="ham"))).code == "forbidden"
    assert (await alice.ask("delete", message=his["id"]))["message"]["deleted"]


async def test_bob_cannot_delete_alices_message(bob, hello):
    assert (await refusal(bob.ask("delete", message=hello["id"]))).code == "forbidden"


async def test_nobody_can_edit_or_react_to_a_deleted_message(alice, bob, hello):
    await alice.ask("delete", message=hello["id"])
    assert (await refusal(alice.ask("edit", message=hello["id"], body="back"))).code == "forbidden"
    assert (await refusal(bob.ask("react", message=hello["id"], emoji="👍", on=True))).code == "forbidden"


async def test_charlie_gets_not_found_for_messages_of_rooms_that_he_may_not_see(alice, connect):
    charlie = await connect("charlie")
    secret = await alice.post_message("den", "between us")
    for type, fields in {"edit": {"body": "x"}, "delete": {}, "react": {"emoji": "👍", "on": True}}.items():
        there = await refusal(charlie.ask(type, message=secret["id"], **fields))
        not_there = await refusal(charlie.ask(type, message=2**62, **fields))
        assert vars(there) == vars(not_there)
        assert there.code == "not_found"


async def test_all_copies_equal_a_fresh_open(alice, bob, connect, room):
    for n in range(8):
        who, other = (alice, bob) if n % 2 else (bob, alice)
        message = await who.post_message(room, f"line {n}")
        await other.ask("react", message=message["id"], emoji="👍", on=True)
        if n % 3 == 0:
            await who.ask("edit", message=message["id"], body=f"line {n}, edited")
        if n % 4 == 0:
            await who.ask("delete", message=message["id"])
    fresh = await connect("bob", rooms=[room])
    for who in (alice, bob):
        await who.until(lambda who=who: who.copies[room].version == fresh.copies[room].version)
        assert who.copies[room].in_order() == fresh.copies[room].in_order()
        assert who.faults == []
