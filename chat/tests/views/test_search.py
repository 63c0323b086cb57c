"""The page of the search, and the answers that its modules ask for."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import bans, direct_rooms, members, messages, rooms
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db


def ask(browser, query: str, **parameters) -> dict:
    """The answer to a search."""
    response = browser.get("/search/results/", {"q": query, **parameters})
    assert (response.status_code, response["Content-Type"]) == (200, "application/json"), response.content
    return response.json()


def found(browser, query: str, **parameters) -> list[int]:
    """The ids of the messages that a search finds."""
    return [hit["id"] for hit in ask(browser, query, **parameters)["hits"]]


def test_bob_finds_a_message_with_its_room_author_and_place(visit, harbour, alice, bob):
    message = post_message(harbour, alice, "The **tide** is <b>high</b> & rising")
    answer = ask(visit(bob), "tide")
    [hit] = answer["hits"]
    assert (hit["id"], hit["room"], hit["author"]["handle"], hit["in_room"]) == (message.pk, "harbour", "alice", True)
    # Plain and marked parts in turn, without HTML.
    assert hit["fragments"] == [["The ", "tide", " is <b>high</b> & rising"]]
    [room] = answer["rooms"]
    assert (room["slug"], room["name"], room["kind"]) == ("harbour", harbour.name, harbour.kind)
    assert (answer["next"], answer["is_empty"], answer["problems"]) == (None, False, [])


def test_a_stranger_and_a_visitor_find_nothing_of_a_private_room(visit, harbour, alice, charlie):
    post_message(harbour, alice, "tide")
    for browser in (visit(charlie), visit()):
        answer = ask(browser, "tide")
        assert (answer["hits"], answer["rooms"], answer["next"]) == ([], [], None)


def test_who_has_left_a_room_finds_nothing_of_it_any_more(visit, harbour, alice, bob):
    message = post_message(harbour, alice, "tide")
    assert found(visit(bob), "tide") == [message.pk]
    members.remove(room="harbour", person=bob.pk, by=alice)
    for query in ("tide", "in:harbour", "in:harbour tide", "from:alice", "is:unread"):
        assert found(visit(bob), query) == []


def test_a_room_and_a_person_that_do_not_exist_give_the_answer_of_those_that_one_may_not_see(
    visit, harbour, alice, charlie
):
    post_message(harbour, alice, "tide")
    unseen, missing = ask(visit(charlie), "tide in:harbour"), ask(visit(charlie), "tide in:nothing")
    for answer in (unseen, missing):
        answer["filters"] = []
    assert unseen == missing


def test_a_deleted_message_is_not_found(visit, harbour, alice, bob):
    message = post_message(harbour, alice, "tide")
    messages.delete(message=message.pk, by=alice)
    assert found(visit(bob), "tide") == []


def test_a_guest_finds_what_is_in_rooms_that_are_open_to_guests(visit, garden, harbour, alice):
    open_one = post_message(garden, alice, "tide")
    post_message(harbour, alice, "tide")
    guest = visit()
    guest.get("/rooms/garden/")
    assert found(guest, "tide") == [open_one.pk]
    assert guest.get("/search/").status_code == 200


def test_a_banned_guest_finds_nothing(visit, garden, alice):
    post_message(garden, alice, "tide")
    bans.ban_network(address="127.0.0.1", until=timezone.now() + timedelta(days=1))
    assert found(visit(), "tide") == []


def test_a_visitor_who_may_see_no_room_is_asked_to_sign_in(visit, harbour):
    response = visit().get("/search/?q=tide")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/search/%3Fq%3Dtide"


def test_the_page_does_not_hold_the_query(visit, harbour, bob):
    text = visit(bob).get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "alert(1)" not in text
    assert 'class="search-page"' in text


def test_one_message_is_asked_for_again_after_an_edit(visit, harbour, alice, bob, charlie):
    message, other = (post_message(harbour, alice, f"tide {number}").pk for number in range(2))
    [hit] = ask(visit(bob), "tide", message=message)["hits"]
    assert (hit["id"], hit["edited_at"]) == (message, None)
    messages.edit(message=message, by=alice, body="the tide turns")
    [hit] = ask(visit(bob), "tide", message=message)["hits"]
    assert (hit["fragments"], hit["edited_at"] is None) == ([["the ", "tide", " turns"]], False)
    messages.edit(message=message, by=alice, body="ebb")
    assert found(visit(bob), "tide", message=message) == []
    assert found(visit(bob), "tide", message=other) == [other]
    assert found(visit(charlie), "tide", message=other) == []


def test_pages_follow_each_other_without_gaps(visit, harbour, alice, bob):
    ids = [post_message(harbour, alice, f"tide {number}").pk for number in range(45)]
    browser, after, seen = visit(bob), "", []
    while after is not None:
        answer = ask(browser, "tide", after=after)
        seen += [hit["id"] for hit in answer["hits"]]
        after = answer["next"]
        post_message(harbour, alice, "another tide")
    assert seen == sorted(ids, reverse=True)


def test_a_direct_room_comes_with_its_people(visit, harbour, alice, bob):
    room = direct_rooms.find_or_make(people=[bob.pk], by=alice)
    post_message(room, alice, "tide")
    [answered] = ask(visit(bob), "tide")["rooms"]
    assert (answered["name"], [each["name"] for each in answered["people"]]) == ("", ["alice", "bob"])


def test_the_answer_says_what_it_understood_and_what_not(visit, harbour, bob):
    query = "🎂 from:@alice -in:#den has:cheese on:2026-02-31"
    answer = ask(visit(bob), query)
    parts = [
        (each["name"], each["value"], each["negated"], query[each["start"] : each["end"]]) for each in answer["filters"]
    ]
    assert parts == [("from", "alice", False, "from:@alice"), ("in", "den", True, "-in:#den")]
    assert [(each["code"], query[each["start"] : each["end"]]) for each in answer["problems"]] == [
        ("unknown_value", "has:cheese"),
        ("unknown_date", "on:2026-02-31"),
    ]
    assert "has:cheese" in answer["problems"][0]["detail"]


@pytest.mark.parametrize("query", ["", "   ", "()", "***", "-tide", "from:", '"'])
def test_a_query_that_asks_for_nothing_searches_for_nothing(visit, harbour, alice, bob, query):
    post_message(harbour, alice, "tide")
    answer = ask(visit(bob), query)
    assert (answer["is_empty"], answer["hits"]) == (True, [])


@pytest.mark.parametrize(
    "query",
    ["a" * 8_000, "a " * 500, "\0", "\ud800", '") OR 1 --', "NEAR(a, b)", "col:x^2", "a & | !(b", "'; --", "🎂"],
)
def test_hostile_queries_are_answered(visit, harbour, bob, query):
    assert ask(visit(bob), query.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))["hits"] == []


@pytest.mark.parametrize(
    "parameters", [{"order": "worst"}, {"after": "x"}, {"after": "9" * 500}, {"after": "-1"}, {"message": "x"}]
)
def test_wrong_parameters_are_refused_as_json(visit, harbour, bob, parameters):
    response = visit(bob).get("/search/results/", {"q": "tide", **parameters})
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert response.json()["field"] in parameters


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "", "Nowhere/Land", "../../etc/passwd", "/etc", "a\0b", "x" * 5_000])
def test_a_zone_that_does_not_exist_is_that_of_the_profile_or_the_site(visit, harbour, alice, bob, zone):
    message = post_message(harbour, alice, "tide")
    assert found(visit(bob), "tide since:7d", zone=zone) == [message.pk]


def test_a_person_cannot_search_all_the_time(visit, harbour, alice, bob):
    browser = visit(bob)
    statuses = [browser.get("/search/results/", {"q": ""}).status_code for _ in range(160)]
    assert statuses == [200] * 150 + [429] * 10
    response = browser.get("/search/results/", {"q": ""})
    assert (response.json()["code"], int(response["Retry-After"]) > 0) == ("slow_down", True)
    assert found(visit(alice), "") == []


def test_visitors_of_one_address_are_counted_together(visit, garden):
    statuses = [visit().get("/search/results/", {"q": ""}).status_code for _ in range(62)]
    assert statuses == [200] * 60 + [429] * 2


def test_a_search_takes_as_many_queries_for_one_hit_as_for_many(
    visit, harbour, garden, alice, bob, django_assert_max_num_queries
):
    browser = visit(bob)
    post_message(harbour, alice, "tide")
    ask(browser, "tide")
    with django_assert_max_num_queries(50) as few:
        ask(browser, "tide")
    for number in range(15):
        post_message(garden if number % 2 else harbour, (alice, bob)[number % 2], f"tide {number}")
    rooms.create(slug="dock", name="Dock", by=bob)
    with django_assert_max_num_queries(len(few)):
        assert len(ask(browser, "tide")["hits"]) == 16


def test_the_address_of_the_answers_is_in_the_data_of_the_page(visit, harbour, bob):
    text = visit(bob).get("/search/").content.decode()
    [block] = re.findall(r'<script id="page-data" type="application/json">(.*?)</script>', text)
    urls = json.loads(block)["urls"]
    assert (urls["search"], urls["search_results"]) == ("/search/", "/search/results/")
