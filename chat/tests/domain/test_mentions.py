"""Who is named by `@name`, and that it is counted."""

import pytest
from django.contrib.auth import get_user_model

from chat.domain import access, log, mentioning, messages, rooms
from chat.models import Mention, Message
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
def test_alice_names_bob(harbour, alice, body):
    assert named(say(harbour, alice, body)) == {"bob"}


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
def test_alice_does_not_name_bob(harbour, alice, bob, body):
    rooms.set_role(room=harbour, user=alice, role="member")
    assert named(say(harbour, alice, body)) == set()


@pytest.mark.parametrize(
    "name", ["bob.smith", "bob+1", "bob-1", "bob_1", "bob@example.org", "Ünal", "李", "O'Brien", "निशा"]
)
def test_names_have_the_letters_that_names_may_have(harbour, alice, name):
    rooms.join(room=harbour, user=person(name))
    assert named(say(harbour, alice, f"Ahoy @{name}.")) == {name}


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
def test_a_name_is_found_however_it_is_spelt(harbour, alice, name, body):
    rooms.join(room=harbour, user=person(name))
    assert named(say(harbour, alice, body)) == {name}


def test_the_longest_name_is_meant(harbour, alice):
    for name in ("bob.smith", "佐藤花"):
        rooms.join(room=harbour, user=person(name))
    assert named(say(harbour, alice, "@bob.smith")) == {"bob.smith"}
    assert named(say(harbour, alice, "@bob.jones")) == {"bob"}
    assert named(say(harbour, alice, "@佐藤花さん")) == {"佐藤花"}


def test_a_message_tells_whom_it_mentions(harbour, alice, bob):
    message = say(harbour, alice, "Ahoy @Bob and @nobody, @alice")
    told = {"people": [bob.pk, alice.pk], "all": False, "here": False}
    assert Message.objects.get(pk=message.pk).mentions == told
    assert message.shape.mentions.model_dump() == told
    assert f'<span class="mention" data-person="{bob.pk}">@Bob</span> and @nobody' in message.html
    page, _more = log.page(harbour.pk)
    assert page[-1].mentions.model_dump() == told
    assert say(harbour, alice, "Ahoy").shape.mentions is None


def test_nobody_can_write_a_mention_as_html(harbour, alice, bob):
    message = say(harbour, alice, f'<span class="mention" data-person="{bob.pk}">@bob</span>')
    assert message.html.count("<span") == 1
    assert "&lt;span class=" in message.html


def test_all_and_here_are_told(harbour, alice, bob):
    message = say(harbour, alice, "@all @everyone @here")
    assert message.shape.mentions.model_dump() == {"people": [], "all": True, "here": True}
    assert '<span class="mention all">@everyone</span>' in message.html
    assert '<span class="mention here">@here</span>' in message.html
    assert named(say(harbour, alice, "Ahoy @here")) == set()
    plain = say(harbour, bob, "@all @here")
    assert plain.shape.mentions is None
    assert "<span" not in plain.html


def test_a_deleted_message_mentions_nobody(harbour, alice):
    message = messages.delete(message=say(harbour, alice, "@bob").pk, by=alice)
    assert message.mentions is None
    assert named(message) == set()


def test_a_message_without_an_at_sign_asks_nothing_more(harbour, alice, django_assert_num_queries):
    assert mentioning.names_in("Ahoy bob", harbour, alice) == {}
    with django_assert_num_queries(0):
        mentioning.names_in("a@example.org `x@y`", harbour, alice)
    seen = access.get_visible(alice, "harbour")
    with django_assert_num_queries(1):
        mentioning.names_in("@bob " * 1000, seen, alice)


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
    edited = messages.edit(message=message.pk, by=alice, body="Ahoy @erin")
    assert named(message) == {"erin"}
    assert [person.pk for person in get_user_model().objects.filter(username="erin")] == edited.mentions["people"]
    messages.edit(message=message.pk, by=alice, body="Ahoy")
    assert named(message) == set()
    messages.edit(message=message.pk, by=alice, body="Ahoy @all")
    assert named(message) == {"bob", "erin"}


def test_charlie_is_not_named_by_the_message_that_he_joins_with(garden, charlie):
    assert named(say(garden, charlie, "@charlie @alice")) == {"alice"}
