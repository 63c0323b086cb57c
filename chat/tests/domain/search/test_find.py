"""What a search finds. The same expectations hold on SQLite and on PostgreSQL (PARLEY_TESTS_ON=postgresql)."""

import time
from datetime import UTC, datetime

import hypothesis
import pytest
from django.db import connection
from hypothesis import strategies as st

from chat.domain import direct_rooms, messages, pins, restoring, rooms, saved
from chat.domain.errors import DomainError, Invalid, SearchTooSlow, SlowDown
from chat.domain.search import facts, normalise, postgresql, sqlite, turns
from chat.domain.search import find as find_module
from chat.domain.search.find import find
from chat.domain.search.query import parse
from chat.domain.text import clean
from chat.models import Message
from chat.protocol.things import PostedPoll
from chat.tests.attached import attach
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db

TEXTS = {
    "deploy": "We deploy to production on Friday",
    "deploying": "Deploying takes an hour",
    "friday": "No deploy, it is Friday the 13th",
    "resume": "Her resume arrived",
    "accents": "Son résumé est arrivé à l'Hôtel",
    "name": "see foo_bar.baz in getUserName()",
    "link": "https://example.com/docs/Install-Guide.html?v=2 and bob@example.org",
    "path": "/etc/nginx/sites-enabled/parley.conf",
    "chinese": "今天天气很好，我们去公园",
    "mixed": "Python教程第3章",
    "japanese": "東京タワーへ行きましょう ｶﾒﾗ",
    "korean": "서울에서 만나요",
    "thai": "สวัสดีครับ ยินดีต้อนรับ",
    "russian": "Ёлка стоит в углу",
    "greek": "Η Αθήνα είναι όμορφη",
    "arabic": "السَّلَامُ عليكم",
    "hindi": "हिन्दी में लिखो",
    "german": "Die Straße ist gesperrt",
    "wide": "ＡＢＣ１２３ full width",
    "languages": "C++ and C# and plain C",
    "emoji": "Party 🎉 tonight 👍🏽",
    "name-of-emoji": "done :tada: :woman_technologist: at 12:30:45",
    "code": "`SELECT 'x' & \\ !y` -- (a|b):*",
}
FINDS = {
    "deploy": "friday deploying deploy",
    "deploying": "friday deploying deploy",
    '"deploying"': "deploying",
    "deploy friday": "friday deploy",
    '"on friday"': "deploy",
    "deploy -production": "friday deploying",
    "production OR hour": "deploying deploy",
    "prod*": "deploy",
    "resume": "accents resume",
    "résumé": "accents resume",
    "RÉSUMÉ": "accents resume",
    "hotel": "accents",
    "foo_bar.baz": "name",
    "bar": "name",
    "foo_ba*": "name",
    "getusername": "name",
    "getUserName": "name",
    "username": "",
    "user": "name",
    "https://example.com/docs/Install-Guide.html?v=2": "link",
    "example.com/docs": "link",
    "install guide": "link",
    "bob@example.org": "link",
    "sites-enabled": "path",
    "/etc/nginx/sites-enabled/parley.conf": "path",
    "天": "chinese",
    "天气": "chinese",
    "天很": "",
    "我们去公园": "chinese",
    "好我": "",
    "教程": "mixed",
    "python教程": "mixed",
    "第3章": "mixed",
    "タワー": "japanese",
    "東京": "japanese",
    "カメラ": "japanese",
    "서울": "korean",
    "울에": "korean",
    "ยินดี": "thai",
    "елка": "russian",
    "ЁЛКА": "russian",
    "αθηνα": "greek",
    "السلام": "arabic",
    "हिन्दी": "hindi",
    "हिन्": "",
    "strasse": "german",
    "STRASSE": "german",
    "abc123": "wide",
    "c++": "languages",
    "C#": "languages",
    "🎉": "name-of-emoji emoji",
    ":tada:": "name-of-emoji emoji",
    ":party_popper:": "name-of-emoji emoji",
    ":+1:": "emoji",
    "tada": "name-of-emoji",
    "technologist": "name-of-emoji",
    "👩‍💻": "name-of-emoji",
    "12:30": "name-of-emoji",
    "👍": "emoji",
    "select x": "code",
    "'x' & \\": "code",
    "nothing": "",
    "a & b": "code",
    "-friday": "",
    "the OR 13th": "friday",
}


@pytest.fixture
def corpus(garden, alice):
    """The ids of the messages with TEXTS, by their names."""
    return {name: post_message(garden, alice, text).pk for name, text in TEXTS.items()}


def search(text, reader, **options):
    query = parse(text, now=datetime.now(UTC), zone=UTC, is_typing=options.pop("is_typing", False))
    return find(query, reader, limit=options.pop("limit", 100), **options)


def ids(text, reader, **options):
    return [hit.message.pk for hit in search(text, reader, **options).hits]


def test_each_query_finds_the_same_on_both_databases(corpus, bob, subtests):
    names = {pk: name for name, pk in corpus.items()}
    for text, expected in FINDS.items():
        with subtests.test(text):
            assert " ".join(names[pk] for pk in ids(text, bob)) == expected


def test_the_last_word_is_a_prefix_while_it_is_typed(corpus, bob):
    assert ids("takes an ho", bob, is_typing=True) == [corpus["deploying"]]
    assert ids("takes an ho", bob) == []


def test_best_first_puts_words_in_a_row_before_others_and_stems_last(garden, alice, bob):
    row = post_message(garden, alice, "the release notes are ready").pk
    stem = post_message(garden, alice, "releases have a note").pk
    apart = post_message(garden, alice, "notes of the last release").pk
    assert ids("release notes", bob) == [apart, stem, row]
    assert ids("release notes", bob, order="best") == [row, apart, stem]
    assert ids("release notes", bob, order="best", limit=1) == [row]


def test_a_message_is_found_as_it_is_now(garden, alice, bob):
    message = post_message(garden, alice, "first words").pk
    assert ids("first", bob) == [message]
    messages.edit(message=message, by=alice, body="second thoughts")
    assert (ids("first", bob), ids("second", bob)) == ([], [message])
    messages.delete(message=message, by=alice)
    assert ids("second", bob) == []
    restoring.restore(message=message, by=alice)
    assert ids("second", bob) == [message]


def test_a_ticked_task_and_a_reply_in_a_thread_are_found(garden, alice, bob):
    root = post_message(garden, alice, "- [ ] paint the boat").pk
    messages.tick(message=root, by=alice, task=0, on=True)
    reply = post_message(garden, bob, "which boat", thread=root).pk
    assert ids("boat", bob) == [reply, root]
    assert ids("boat is:thread", bob) == [reply, root]


def test_nobody_finds_what_they_may_not_see(harbour, garden, alice, bob, charlie, gina):
    secret = post_message(harbour, alice, "the treasure is buried").pk
    public = post_message(garden, alice, "no treasure here").pk
    direct = direct_rooms.find_or_make(people=[bob.pk], by=alice)
    whispered = post_message(direct, alice, "treasure map").pk
    for order in ("newest", "best"):
        assert set(ids("treasure", bob, order=order)) == {whispered, public, secret}
        assert ids("treasure", charlie, order=order) == [public]
        assert ids("treasure", gina, order=order) == [public]
    assert ids("treasure in:harbour", charlie) == ids("treasure in:no-such-room", charlie) == []
    assert ids("treasure with:alice", bob) == [whispered]
    assert ids("treasure with:alice", charlie) == []
    assert search("treasure", charlie, limit=1).next is None
    assert search("treasure", charlie, room="harbour").hits == []
    rooms.leave(room=harbour, user=bob)
    assert secret not in ids("treasure", bob)
    rooms.remove(room=garden, user=charlie)
    assert ids("treasure", charlie) == []
    assert ids("buried", None) == [secret]


def test_a_direct_room_is_searched_by_its_slug_by_its_people_alone(garden, alice, bob, charlie):
    direct = direct_rooms.find_or_make(people=[bob.pk], by=alice)
    whispered = post_message(direct, alice, "a map").pk
    public = post_message(garden, alice, "a map for all").pk
    assert ids(f"map in:{direct.slug}", bob) == ids(f"in:{direct.slug}", alice) == [whispered]
    assert ids(f"map -in:{direct.slug}", bob) == [public]
    assert ids(f"map in:{direct.slug}", charlie) == []


def test_messages_of_an_archived_room_are_found_by_those_who_may_read_it(harbour, alice, bob, charlie):
    message = post_message(harbour, alice, "an old log").pk
    rooms.archive(room=harbour)
    assert ids("log", bob) == [message]
    assert ids("log", charlie) == []


def test_somebody_who_is_no_longer_active_finds_nothing(garden, alice, bob):
    post_message(garden, alice, "ahoy")
    bob.is_active = False
    bob.save()
    assert ids("ahoy", bob) == []


def test_filters(garden, harbour, alice, bob, charlie):
    def post(body, author=alice, room=garden, **fields):
        return post_message(room, author, body, **fields).pk

    own = post("tea for all", bob)
    link = post("tea at https://example.com/")
    code = post("tea `make`")
    poll = post("tea?", poll=PostedPoll(options=["Green oolong", "Black"]))
    mention = post("tea @bob", room=harbour)
    pins.pin(message=link, by=alice, on=True)
    messages.react(message=code, by=bob, emoji="👍", on=True)
    saved.save(message=poll, user=bob, on=True)
    with_file = post("tea papers")
    attach(Message.objects.get(pk=with_file), b"x", "Tea-Budget.PDF")
    everything = [with_file, mention, poll, code, link, own]
    expected = {
        "tea": everything,
        "tea from:alice": [with_file, mention, poll, code, link],
        "from:me": [own],
        "tea from:bob OR": [own],
        "tea from:alice from:bob": everything,
        "tea -from:alice": [own],
        "tea from:nobody": [],
        "tea in:harbour": [mention],
        "tea in:Harbour": [mention],
        "tea -in:harbour": [with_file, poll, code, link, own],
        "tea has:link": [link],
        "tea -has:link": [with_file, mention, poll, code, own],
        "has:link": [link],
        "tea has:code": [code],
        "tea has:poll": [poll],
        "oolong": [poll],
        "tea has:pin": [link],
        "tea has:reaction": [code],
        "tea has:file": [with_file],
        "ext:pdf": [with_file],
        "tea -ext:pdf": [mention, poll, code, link, own],
        "file:budget": [with_file],
        "file:tea-bud": [with_file],
        "file:papers": [],
        "tea is:saved": [poll],
        "is:saved": [poll],
        "tea mentions:me": [mention],
        "mentions:bob": [mention],
        "tea is:mention": [mention],
        "tea is:unread": [with_file, mention, poll, code, link],
        "tea is:dm": [],
        "tea -is:dm": everything,
        "tea on:today": everything,
        "on:today": everything,
        "tea before:today": [],
        "tea -on:today": [],
        "tea after:2020": everything,
        "after:2020 before:2021": [],
    }
    for text, found in expected.items():
        assert ids(text, bob) == found, text
    assert ids("tea is:saved", alice) == []


def test_pages_follow_each_other_without_gaps_or_repeats(garden, harbour, alice, bob):
    places = [garden, harbour]
    posted = [post_message(places[at % 2], alice, f"wave {at % 3} waves").pk for at in range(30)]
    for order in ("newest", "best"):
        for text in ("wave", "wave 1", "waves in:garden", "from:alice"):
            every = ids(text, bob, order=order)
            collected, after = [], None
            while True:
                page = search(text, bob, order=order, after=after, limit=4)
                collected += [hit.message.pk for hit in page.hits]
                after = page.next
                if after is None:
                    break
                if order == "newest":
                    # A message that comes meanwhile changes no further page.
                    post_message(garden, alice, "wave 1 of later")
            assert collected == every[: len(collected)] == every
    assert len(posted) == 30


@pytest.mark.parametrize("looked_up", [-1, 1, 3])
def test_rooms_named_behind_the_first_hits_change_nothing(garden, harbour, alice, bob, charlie, monkeypatch, looked_up):
    posted = [post_message((garden, harbour)[at % 3 == 1], alice, f"tide {at % 2}").pk for at in range(12)][::-1]
    monkeypatch.setattr(facts, "FEW_ROOMS", 0)
    monkeypatch.setattr(postgresql, "LEVELS", ())
    monkeypatch.setattr(postgresql, "MAX_LOOKED_UP", looked_up)
    monkeypatch.setattr(sqlite, "MAX_LOOKED_UP", max(1, looked_up))
    in_garden = [pk for at, pk in enumerate(posted) if (11 - at) % 3 != 1]
    for reader, expected in ((bob, posted), (charlie, in_garden)):
        for limit in (2, 20):
            found, after = [], None
            while True:
                page = search("tide", reader, after=after, limit=limit)
                found += [hit.message.pk for hit in page.hits]
                if (after := page.next) is None:
                    break
            assert found == expected
    assert ids("tide 1", charlie) == [pk for pk in in_garden if (11 - posted.index(pk)) % 2]


def test_one_message_alone_can_be_searched(corpus, bob, charlie):
    assert ids("friday", bob, message=corpus["deploy"]) == [corpus["deploy"]]
    assert ids("hour", bob, message=corpus["deploy"]) == []
    assert ids("friday", bob, message=10**17) == []


def test_a_cursor_that_is_none_is_refused(garden, bob):
    for cursor in ("x", "1", "1.x", "-1.2", "1.2.3", "٣.1", "9" * 40):
        with pytest.raises(Invalid):
            search("tea", bob, after=cursor)


def test_a_search_that_takes_too_long_is_ended_with_a_code(corpus, bob, monkeypatch):
    monkeypatch.setattr(find_module, "TIME_LIMIT_S", -1.0)
    monkeypatch.setattr(sqlite, "_STEPS", 1)
    with pytest.raises(SearchTooSlow) as raised:
        search("deploy", bob)
    assert (raised.value.code, raised.value.status) == ("search_too_slow", 503)
    monkeypatch.undo()
    assert ids("hour", bob) == [corpus["deploying"]]


SLOW = {
    "postgresql": "SELECT pg_sleep(20)",
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1e12) SELECT max(x) FROM n",
}


def test_the_database_ends_a_statement_at_the_time_limit_and_serves_the_next_one(db):
    engine = {"postgresql": postgresql, "sqlite": sqlite}[connection.vendor]
    began = time.monotonic()
    with pytest.raises(TimeoutError), engine.time_limit(0.2), connection.cursor() as cursor:
        cursor.execute(SLOW[connection.vendor])
    assert time.monotonic() - began < 10
    assert Message.objects.count() == 0


def test_one_person_has_one_search_at_a_time(corpus, alice, bob):
    with turns.take(bob), pytest.raises(SlowDown):
        search("deploy", bob)
    with turns.take(bob):
        assert ids("hour", alice) == [corpus["deploying"]]
    assert ids("hour", bob) == [corpus["deploying"]]


def test_the_number_of_queries_does_not_grow_with_hits(garden, alice, bob, django_assert_max_num_queries):
    for at in range(25):
        post_message(garden, alice, f"buoy {at}")
    with django_assert_max_num_queries(12):
        assert len(ids("buoy", bob, limit=20)) == 20


SYNTAX = st.sampled_from(
    [*"\"'()*:^+-&|!<>~{}[]\\%_\0@#", " OR ", " AND ", " NOT ", " NEAR(", "<->", ":*", "天", "a", "é"]
)


@hypothesis.settings(
    max_examples=60, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture], deadline=None
)
@hypothesis.given(st.lists(SYNTAX | st.text(max_size=8), max_size=12).map("".join))
def test_no_text_raises_an_error(corpus, bob, text):
    for order in ("newest", "best"):
        search(text, bob, order=order, is_typing=True, limit=5)


@pytest.mark.extended
@hypothesis.settings(
    max_examples=40, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture], deadline=None
)
@hypothesis.given(st.lists(SYNTAX | st.text(max_size=12), min_size=1, max_size=12).map("".join))
def test_any_text_can_be_posted_and_each_of_its_words_finds_it(garden, alice, text):
    body = clean(text)
    hypothesis.assume(body.strip() and any(character.isalnum() for character in body))
    try:
        message = post_message(garden, alice, body)
    except DomainError:
        hypothesis.reject()
    for word in normalise.words(normalise.compose(message.text)):
        if word.folded.isalnum():
            assert message.pk in ids(f'"{word.folded}"', alice)


@pytest.mark.parametrize("text", ['"' * 8_000, "(" * 8_000, "a " * 500, "* * *", "-", "OR OR", "x" * 8_000, "%_%", "…"])
def test_long_and_empty_queries_are_answered(corpus, bob, text):
    search(text, bob)


def test_a_fragment_shows_what_was_found_and_hides_spoilers(garden, alice, bob):
    long = "start " * 60 + "the Anchor is here " + "end " * 80
    post_message(garden, alice, long)
    (hit,) = search("anchors", bob).hits
    (fragment,) = hit.fragments
    ((start, end),) = fragment.marks
    assert fragment.text[start:end] == "Anchor"
    assert (fragment.is_cut_before, fragment.is_cut_after) == (True, True)
    assert len(fragment.text) < 200
    post_message(garden, alice, "the murderer is ||the gardener||")
    (hit,) = search("gardener", bob).hits
    assert "gardener" not in hit.fragments[0].text
    post_message(garden, alice, "我们去公园玩")
    (hit,) = search("公园", bob).hits
    assert hit.fragments[0].marks == ((3, 5),)
