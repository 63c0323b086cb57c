"""Which people `@name` mentions, and unread counts of mentions."""

import pytest
from django.contrib.auth import get_user_model

from chat.domain import access, mentioning, message_log, messages, rooms
from chat.models import Mention, Message
from chat.tests.cast import person
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db


def named(message) -> set[str]:
    return set(Mention.objects.filter(message=message).values_list("user__handle", flat=True))


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
        "@BOB",
        "＠bob",
        "你好@bob请看",
        "_@bob_",
        "@bob_",
        "@bob's",
        "@bob.Thanks",
        "@bob.smith",
        "- @bob",
        "> @bob",
        "[x @bob",
    ],
)
def test_alice_mentions_bob(harbour, alice, body):
    assert named(post_message(harbour, alice, body)) == {"bob"}


UNREAD = [
    "`@bob`",
    "```\n@bob\n```",
    "    @bob",
    "https://social.example/@bob/110",
    "social.example/@bob",
    "[@bob](https://example.org)",
    "\\@bob",
    "@bоb",  # a Cyrillic letter: his name has none
]


@pytest.mark.parametrize(
    "body",
    ["bob", "@ bob", "x@bob", "@bobby", "@@bob", "@bob_b", "a@bob.org", "@bob@example.org", "@all", "@", *UNREAD],
)
def test_alice_does_not_mention_bob(harbour, alice, bob, body):
    rooms.set_role(room=harbour, user=alice, role="member")
    assert named(post_message(harbour, alice, body)) == set()


@pytest.mark.parametrize(
    "name", ["bob.smith", "bob+1", "bob-1", "bob_1", "bob@example.org", "Ünal", "李", "O'Brien", "निशा"]
)
def test_names_have_the_letters_that_names_may_have(harbour, alice, name):
    rooms.join(room=harbour, user=person(name))
    assert named(post_message(harbour, alice, f"Ahoy @{name}.")) == {name}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("José", "@Jose\u0301"),
        ("José", "@JOSÉ, ahoy"),
        ("O'Brien", "@o’brien"),
        ("佐藤", "@佐藤さん"),
        ("佐藤", "請@佐藤看"),
        ("McDonald", "@mcdonald"),
        ("สมชาย", "@สมชายครับ"),
    ],
)
def test_a_name_is_found_in_any_spelling(harbour, alice, name, body):
    rooms.join(room=harbour, user=person(name))
    assert named(post_message(harbour, alice, body)) == {name}


def test_the_longest_known_name_is_mentioned(harbour, alice):
    for name in ("bob.smith", "佐藤花"):
        rooms.join(room=harbour, user=person(name))
    assert named(post_message(harbour, alice, "@bob.smith")) == {"bob.smith"}
    assert named(post_message(harbour, alice, "@bob.jones")) == {"bob"}
    assert named(post_message(harbour, alice, "@佐藤花さん")) == {"佐藤花"}


def test_a_serialized_message_has_its_mentions(harbour, alice, bob):
    message = post_message(harbour, alice, "Ahoy @Bob and @nobody, @alice")
    told = {"people": [bob.pk, alice.pk], "rooms": [], "all": False, "here": False}
    assert Message.objects.get(pk=message.pk).mentions == told
    assert message.serialized.mentions.model_dump() == told
    assert f'<span class="mention" data-person="{bob.pk}">@Bob</span> and @nobody' in message.html
    page = message_log.page_before(harbour.pk).messages
    assert page[-1].mentions.model_dump() == told
    assert post_message(harbour, alice, "Ahoy").serialized.mentions is None


def test_html_of_a_mention_in_a_message_is_text(harbour, alice, bob):
    message = post_message(harbour, alice, f'<span class="mention" data-person="{bob.pk}">@bob</span>')
    assert message.html.count("<span") == 1
    assert "&lt;span class=" in message.html


def test_all_and_here_are_in_the_serialized_mentions(harbour, alice, bob):
    message = post_message(harbour, alice, "@all @everyone @here")
    assert message.serialized.mentions.model_dump() == {"people": [], "rooms": [], "all": True, "here": True}
    assert '<span class="mention all">@everyone</span>' in message.html
    assert '<span class="mention here">@here</span>' in message.html
    assert named(post_message(harbour, alice, "Ahoy @here")) == set()
    plain = post_message(harbour, bob, "@all @here")
    assert plain.serialized.mentions is None
    assert "<span" not in plain.html


def test_a_deleted_message_has_no_mentions(harbour, alice):
    message = messages.delete(message=post_message(harbour, alice, "@bob").pk, by=alice)
    assert message.mentions is None
    assert named(message) == set()


def test_a_message_without_an_at_sign_takes_no_more_queries(harbour, alice, django_assert_num_queries):
    assert mentioning.find_references("Ahoy bob", harbour, alice) == ({}, {}, {})
    with django_assert_num_queries(0):
        mentioning.find_references("a@example.org `x@y`", harbour, alice)
    seen = access.get_visible(alice, "harbour")
    with django_assert_num_queries(1):
        mentioning.find_references("@bob " * 1000, seen, alice)


def test_only_members_of_the_room_are_mentioned(harbour, alice, charlie):
    assert named(post_message(harbour, alice, "@bob @charlie @nobody")) == {"bob"}


def test_a_mention_of_oneself_is_not_counted(harbour, alice):
    assert named(post_message(harbour, alice, "@alice @bob")) == {"bob"}


def test_a_guest_can_mention_bob(garden, gina):
    assert named(post_message(garden, gina, "@bob")) == {"bob"}


def test_a_moderator_can_mention_all(harbour, alice, bob):
    rooms.join(room=harbour, user=person("erin"))
    assert named(post_message(harbour, alice, "Ahoy @all")) == {"bob", "erin"}


def test_a_member_cannot_mention_all(harbour, bob):
    assert named(post_message(harbour, bob, "Ahoy @all")) == set()
    assert named(post_message(harbour, bob, "Ahoy @all, @alice")) == {"alice"}


def test_a_guest_cannot_mention_all(garden, gina):
    assert named(post_message(garden, gina, "@all")) == set()


def test_an_edit_replaces_the_mentions(harbour, alice):
    rooms.join(room=harbour, user=person("erin"))
    message = post_message(harbour, alice, "Ahoy @bob")
    edited = messages.edit(message=message.pk, by=alice, body="Ahoy @erin")
    assert named(message) == {"erin"}
    assert [person.pk for person in get_user_model().objects.filter(handle="erin")] == edited.mentions["people"]
    messages.edit(message=message.pk, by=alice, body="Ahoy")
    assert named(message) == set()
    messages.edit(message=message.pk, by=alice, body="Ahoy @all")
    assert named(message) == {"bob", "erin"}


def test_a_post_that_joins_the_room_does_not_mention_its_author(garden, charlie):
    assert named(post_message(garden, charlie, "@charlie @alice")) == {"alice"}
