"""The quote of a reply: the same for everyone, and current at each read."""

import pytest

from chat.domain import messages, missed_changes, posting, rooms, text, timeline
from chat.domain.quotes import excerpt
from chat.tests.domain.test_copies import fresh, open_reply, shown
from chat.tests.talk import fill, frames, post_message
from chat.tests.uploading import complete, posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(garden, alice, bob):
    """A message of Alice that is older than the latest page, and Bob's reply, which is in that page."""
    hers = post_message(garden, alice, "Shall we **plant** <apples> & pears?")
    fill(garden, alice, 60)
    return hers, post_message(garden, bob, "Pears", reply_to=hers.pk)


def test_a_reply_has_a_quote_in_pages_deltas_and_events(garden, alice, bob, gina, capture_published):
    hers = post_message(garden, alice, "Shall we **plant** <apples> & pears?")
    wanted = {
        "id": hers.pk,
        "seq": hers.seq,
        "version": hers.version,
        "author": {"id": alice.pk, "name": "alice"},
        "guest": None,
        "text": "Shall we plant <apples> & pears?",
        "file": None,
        "deleted": False,
    }
    with capture_published() as envelopes:
        his = post_message(garden, bob, "Pears", reply_to=hers.pk)
    assert frames(envelopes)[0]["message"]["quote"] == wanted
    assert open_reply(gina, "garden")["messages"][-1]["quote"] == wanted
    assert open_reply(bob, "garden", since=hers.version)["messages"][-1]["quote"] == wanted
    page = timeline.history(bob, "garden", before=his.seq + 1).messages
    assert page[-1].model_dump(mode="json")["quote"] == wanted
    changes = missed_changes.changes_after(garden.pk, hers.version)
    assert changes.model_dump(mode="json")["messages"][-1]["quote"] == wanted


def test_a_quote_of_a_guest_names_the_guest(garden, bob, gina):
    answer = post_message(garden, bob, "Welcome", reply_to=post_message(garden, gina, "Hello").pk)
    quote = answer.serialized.quote
    assert (quote.author, quote.guest.name, quote.text) == (None, gina.name, "Hello")


@pytest.mark.usefixtures("files_folder")
def test_a_quote_has_the_first_file_of_its_message(garden, alice, bob):
    first, second = complete(garden, alice, name="pears.txt"), complete(garden, alice, name="plums.txt")
    hers = post_message(garden, alice, "", attachments=posted(first, second))
    fill(garden, alice, 60)
    his = post_message(garden, bob, "Pears", reply_to=hers.pk)
    assert (his.serialized.quote.text, his.serialized.quote.file.name) == ("", "pears.txt")
    assert open_reply(bob, "garden")["messages"][-1]["quote"]["file"]["id"] == first.pk
    messages.delete(message=hers.pk, by=alice)
    assert open_reply(bob, "garden")["messages"][-1]["quote"]["file"] is None


def test_the_quote_of_a_deleted_message_has_no_text(garden, alice, bob, answered):
    hers, his = answered
    messages.delete(message=hers.pk, by=alice)
    quote = open_reply(bob, "garden")["messages"][-1]["quote"]
    assert (quote["id"], quote["deleted"], quote["text"]) == (hers.pk, True, "")
    edited = messages.edit(message=his.pk, by=bob, body="Plums")
    assert (edited.serialized.quote.deleted, edited.serialized.quote.text) == (True, "")


@pytest.mark.parametrize("change", ["edit", "delete"])
def test_a_copy_equals_a_fresh_one_after_a_change_of_a_quoted_message_that_is_not_loaded(
    garden, alice, bob, answered, capture_published, change
):
    hers, _his = answered
    copy, sleeper = fresh(bob, "garden"), fresh(bob, "garden")
    assert hers.pk not in copy.messages
    with capture_published() as envelopes:
        if change == "edit":
            messages.edit(message=hers.pk, by=alice, body="Shall we plant plums?")
        else:
            messages.delete(message=hers.pk, by=alice)
    for event in frames(envelopes):
        copy.apply(event)
    sleeper.opened(open_reply(bob, "garden", **sleeper.since()))
    assert shown(copy) == shown(sleeper) == shown(fresh(bob, "garden"))
    assert copy.faults + sleeper.faults == []


def test_a_quote_is_read_after_the_reply_has_its_version(garden, alice, bob, capture_published, monkeypatch):
    hers = post_message(garden, alice, "A secret")
    insert = posting.insert_with_next_version

    def delete_first(message, *arguments):
        # Alice deletes her message after Bob's check and before his reply has a version.
        messages.delete(message=hers.pk, by=alice)
        insert(message, *arguments)

    monkeypatch.setattr(posting, "insert_with_next_version", delete_first)
    with capture_published() as envelopes:
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


def test_removed_bob_gets_no_quote_when_he_deletes_his_reply_again(garden, alice, bob):
    hers = post_message(garden, alice, "First words")
    his = post_message(garden, bob, "Pears", reply_to=hers.pk)
    rooms.remove(room=garden, user=bob)
    for body in ("Second words", "Third words"):
        stored = messages.delete(message=his.pk, by=bob)
        assert messages.serialized(stored).quote is None
        messages.edit(message=hers.pk, by=alice, body=body)


def test_a_quote_hides_spoilers_and_shows_boxes_and_emoji():
    html = text.render("||Snape *and* @bob|| :shipit:\n- [ ] a\n- [x] b", {"bob": 7}, {}, {"shipit": "/e/1.png"}).html
    assert excerpt(html) == "▒▒▒ :shipit: ☐ a ☑ b"
    assert excerpt('<p>a <span class="spoiler">cut off <span class="mention">@b') == "a ▒▒▒"
