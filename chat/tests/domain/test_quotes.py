"""A quote beside each answer: the answered message in short, the same for everyone, current at each read."""

import pytest

from chat.domain import facts, messages, rooms, timeline
from chat.domain.quotes import excerpt
from chat.tests.domain.test_copies import fresh, open_reply, shown
from chat.tests.domain.test_timeline import fill
from chat.tests.talk import frames, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(garden, alice, bob):
    """What Alice said, out of the latest page by now, and Bob's answer in it."""
    hers = say(garden, alice, "Shall we **plant** <apples> & pears?")
    fill(garden, alice, 60)
    return hers, say(garden, bob, "Pears", reply_to=hers.pk)


def test_an_answer_comes_with_a_quote_in_pages_fills_and_events(garden, alice, bob, gina, heard):
    hers = say(garden, alice, "Shall we **plant** <apples> & pears?")
    wanted = {
        "id": hers.pk,
        "seq": hers.seq,
        "version": hers.version,
        "author": {"id": alice.pk, "name": "alice", "avatar": None},
        "guest": None,
        "text": "Shall we plant <apples> & pears?",
        "deleted": False,
    }
    with heard() as envelopes:
        his = say(garden, bob, "Pears", reply_to=hers.pk)
    assert frames(envelopes)[0]["message"]["quote"] == wanted
    assert open_reply(gina, "garden")["messages"][-1]["quote"] == wanted
    assert open_reply(bob, "garden", since=hers.version)["messages"][-1]["quote"] == wanted
    page, _more = timeline.history(bob, "garden", his.seq + 1)
    assert page[-1].model_dump(mode="json")["quote"] == wanted
    assert timeline.changes(garden.pk, hers.version).model_dump(mode="json")["messages"][-1]["quote"] == wanted


def test_a_quote_of_a_guest_names_the_guest(garden, bob, gina):
    answer = say(garden, bob, "Welcome", reply_to=say(garden, gina, "Hello").pk)
    quote = answer.shape.quote
    assert (quote.author, quote.guest.name, quote.text) == (None, gina.name, "Hello")


def test_a_deleted_message_leaves_nothing_in_its_quotes(garden, alice, bob, answered):
    hers, his = answered
    messages.delete(message=hers.pk, by=alice)
    quote = open_reply(bob, "garden")["messages"][-1]["quote"]
    assert (quote["id"], quote["deleted"], quote["text"]) == (hers.pk, True, "")
    edited = messages.edit(message=his.pk, by=bob, body="Plums")
    assert (edited.shape.quote.deleted, edited.shape.quote.text) == (True, "")


@pytest.mark.parametrize("change", ["edit", "delete"])
def test_a_held_copy_equals_a_fresh_one_after_a_change_of_an_unloaded_quoted_message(
    garden, alice, bob, answered, heard, change
):
    hers, _his = answered
    copy, sleeper = fresh(bob, "garden"), fresh(bob, "garden")
    assert hers.pk not in copy.messages
    with heard() as envelopes:
        if change == "edit":
            messages.edit(message=hers.pk, by=alice, body="Shall we plant plums?")
        else:
            messages.delete(message=hers.pk, by=alice)
    for event in frames(envelopes):
        copy.apply(event)
    sleeper.opened(open_reply(bob, "garden", **sleeper.since()))
    assert shown(copy) == shown(sleeper) == shown(fresh(bob, "garden"))
    assert copy.faults + sleeper.faults == []


def test_a_quote_is_read_after_its_answer_has_a_version(garden, alice, bob, heard, monkeypatch):
    hers = say(garden, alice, "A secret")
    stored = messages.say

    def delete_first(message, rules):
        # Alice deletes between Bob's look at her message and his answer's version.
        messages.delete(message=hers.pk, by=alice)
        stored(message, rules)

    monkeypatch.setattr(messages, "say", delete_first)
    with heard() as envelopes:
        messages.post(
            room="garden", author=bob, body="What?", client_id="6f0c1d9e-51b1-4a3c-9a52-0f6bd0b0e0aa", reply_to=hers.pk
        )
    answer = next(frame["message"] for frame in frames(envelopes) if frame["message"]["reply_to"])
    assert (answer["quote"]["deleted"], answer["quote"]["text"]) == (True, "")
    assert answer["quote"]["version"] < answer["version"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p>\n<p>two<br>\nthree</p>\n", "One two three"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n", "a b"),
        ('<p><a href="https://e.org/" title="a > b">link</a> &lt;b&gt;</p>\n', "link <b>"),
        (f"<p>{'a' * 140}</p>\n", "a" * 140),
        (f"<p>{'a' * 141}</p>\n", "a" * 140 + "…"),
        ("<p>" + "<em>a</em>" * 119 + "&amp;&amp;&amp;", "a" * 119 + "&"),
        ("<p>" + "<em>a</em>" * 119 + "<strong>b", "a" * 119),
        ("", ""),
    ],
)
def test_an_excerpt_is_one_line_of_plain_text(html, text):
    assert excerpt(html[:1_200]) == text


def test_bob_who_was_removed_is_shown_no_quote_however_often_he_deletes_his_answer(garden, alice, bob):
    hers = say(garden, alice, "First words")
    his = say(garden, bob, "Pears", reply_to=hers.pk)
    rooms.remove(room=garden, user=bob)
    for body in ("Second words", "Third words"):
        stored = messages.delete(message=his.pk, by=bob)
        assert facts.stored_out(stored).quote is None
        messages.edit(message=hers.pk, by=alice, body=body)
