"""The lists of rooms and of people: what they show, and that their cost does not grow with what there is."""

import uuid
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils import timezone

from chat.domain import account_bans, accounts, activity, connections, direct_rooms, messages, profiles, rooms
from chat.models import Message, Room, RoomHead
from chat.tests.cast import person

ROOMS, PEOPLE = "/admin/chat/room/", "/admin/people/user/"


class Knows:
    """A source of connections for these tests."""

    def people_in(self, rooms):
        return {"harbour": 3}

    def sockets_of(self, users):
        return {users[0]: 2}

    def sockets(self):
        return 5

    def lost_workers(self):
        return []

    def layer_answers(self):
        return True


@pytest.fixture
def connected():
    """Somebody is connected."""
    connections.connect(Knows())
    yield
    connections.connect(None)


def post(author, room="harbour"):
    return messages.post(room=room, author=author, body="Fog", client_id=uuid.uuid4())


def row_of(page, text: str) -> str:
    return next(row for row in page.text.replace("\xa0", " ").split("<tr>") if text in row)


def test_the_list_of_rooms_shows_what_happens_in_each(doras, harbour, lobby, alice, bob, connected):
    rooms.change(room=lobby, guests="read")
    before = post(alice)
    Message.objects.filter(pk=before.pk).update(created_at=timezone.now() - timedelta(days=2))
    post(bob)
    activity.count_new()
    page = doras.get(ROOMS)
    row = row_of(page, ">Harbour<")
    assert ">Private<" in row
    assert 'here"><span class="number">3</span>' in row
    assert 'message_count"><span class="number">2</span>' in row
    assert "just now" in row
    assert 'aria-label="2 messages in 14 days"' in row
    assert row.count("<rect") == 2
    assert ">Guests<" in row_of(page, ">Lobby<")
    rooms.archive(room=harbour)
    assert ">Archived<" in row_of(doras.get(ROOMS), ">Harbour<")


def test_the_list_of_rooms_is_sorted_by_messages_and_activity(doras, harbour, lobby, alice):
    Room.objects.filter(slug="lobby").update(created_at=timezone.now() - timedelta(days=1))
    for _ in range(3):
        post(alice)
    activity.count_new()
    for column in (5, 6):
        for sign, slugs in (("", ["lobby", "harbour"]), ("-", ["harbour", "lobby"])):
            page = doras.get(ROOMS, {"o": f"{sign}{column}"})
            assert [room.slug for room in page.context["cl"].result_list] == slugs


def test_no_column_has_the_name_of_a_relation_of_its_model():
    """Django would sort by the relation: it would join all its rows, and list an object once for each."""
    wrong = []
    for model, its_admin in admin.site._registry.items():
        names = {field.name for field in model._meta.get_fields() if field.is_relation and not field.concrete}
        wrong += [(model.__name__, name) for name in its_admin.list_display if name in names]
    assert wrong == []


def test_a_thousand_rooms_take_as_many_queries_as_one(doras, harbour, connected, django_assert_num_queries):
    made = Room.objects.bulk_create(Room(slug=f"room-{number}", name=f"Room {number}") for number in range(1000))
    RoomHead.objects.bulk_create(RoomHead(room=room) for room in made)
    with django_assert_num_queries(5):
        page = doras.get(ROOMS)
    assert "1001 rooms" in page.text
    assert "<title>Rooms |" in page.text
    assert "Show all" not in page.text
    assert "Show all" in doras.get(ROOMS, {"q": "room-7"}).text
    with django_assert_num_queries(5):
        doras.get(ROOMS, {"o": "-5", "p": 3})


def test_the_list_of_people_shows_who_is_there_and_what_they_may(doras, alice, bob, harbour, connected):
    profiles.change(user=alice, display_name="Alice Hansen")
    bob.groups.add(Group.objects.create(name="Harbour masters"))
    post(bob)
    activity.count_new()
    activity.note_seen({bob.pk: timezone.now() - timedelta(hours=3)})
    page = doras.get(PEOPLE, {"o": "2"})
    row = row_of(page, "Alice Hansen")
    assert 'sockets"><span class="number">2</span>' in row
    assert ">now<" in row
    row = row_of(page, ">bob<")
    assert "3 hours ago" in row
    assert "Harbour masters" in row
    assert 'message_count"><span class="number">1</span>' in row
    assert ">Admin<" in row_of(page, ">dora<")
    assert [user.handle for user in doras.get(PEOPLE, {"q": "Hansen"}).context["cl"].result_list] == ["alice"]


def test_sixty_people_take_as_many_queries_as_three(doras, alice, bob, connected, django_assert_num_queries):
    with django_assert_num_queries(6):
        doras.get(PEOPLE)
    group = Group.objects.create(name="Crew")
    for number in range(60):
        person(f"sailor-{number}").groups.add(group)
    with django_assert_num_queries(6):
        doras.get(PEOPLE)


def test_view_site_leads_from_the_page_of_a_room_to_that_room(doras, harbour):
    page = doras.get(f"{ROOMS}{harbour.pk}/change/").text
    assert '<a href="/rooms/harbour/">View site</a>' in page
    assert '<a href="/">View site</a>' in doras.get(ROOMS).text


@pytest.fixture
def of_every_kind(harbour, lobby, alice, bob):
    """A room of each kind, by its slug."""
    rooms.change(room=lobby, guests="read", slow_mode_s=10)
    tea = rooms.create(slug="tea", name="Tea", kind="public", by=alice)
    rooms.change(room=tea, who_posts="nobody")
    rooms.archive(room=rooms.create(slug="attic", name="Attic", kind="public", by=alice))
    direct_rooms.find_or_make(by=alice, people=[bob.pk])


def shown(browser, path: str, **given) -> list[str]:
    """The slugs or handles that a list shows."""
    found = browser.get(path, given).context["cl"].result_list
    return sorted(getattr(row, "slug", None) or row.get_username() for row in found)


def test_rooms_are_filtered_by_the_words_of_their_column(doras, of_every_kind):
    for chosen, slugs in {
        "current": ["harbour", "lobby", "tea"],
        "public": ["lobby", "tea"],
        "guests": ["lobby"],
        "private": ["harbour"],
        "archived": ["attic"],
        "nonsense": ["attic", "harbour", "lobby", "tea"],
    }.items():
        assert shown(doras, ROOMS, **{"is": chosen}) == slugs, chosen
    assert shown(doras, ROOMS, limit="read-only") == ["tea"]
    assert shown(doras, ROOMS, limit="slow") == ["lobby"]
    assert "Direct" not in doras.get(ROOMS).text


def test_rooms_are_filtered_by_who_joins_them_by_themselves(doras, harbour, lobby):
    harbour.groups.add(Group.objects.create(name="Harbour masters"))
    Room.objects.filter(pk=lobby.pk).update(is_default=True)
    assert shown(doras, ROOMS, joins="newcomers") == ["lobby"]
    assert shown(doras, ROOMS, joins="groups") == ["harbour"]


def test_people_are_filtered_by_what_they_are_and_when_they_were_seen(doras, dora, alice, bob, charlie):
    person("erin", is_staff=True)
    person("robot", is_bot=True)
    accounts.deactivate(user=charlie, by=dora)
    account_bans.ban(user=bob, by=dora)
    for chosen, names in {
        "active": ["alice", "dora", "erin"],
        "admins": ["dora"],
        "staff": ["erin"],
        "bots": ["robot"],
        "banned": ["bob"],
        "closed": ["charlie"],
    }.items():
        assert shown(doras, PEOPLE, role=chosen) == names, chosen
    now = timezone.now()
    activity.note_seen({alice.pk: now - timedelta(days=3), bob.pk: now - timedelta(days=40)})
    assert shown(doras, PEOPLE, seen="day") == []
    assert shown(doras, PEOPLE, seen="week") == ["alice"]
    assert "bob" in shown(doras, PEOPLE, seen="not-month")
    assert "alice" not in shown(doras, PEOPLE, seen="not-month")
    assert "erin" in shown(doras, PEOPLE, seen="never")


def test_people_are_filtered_by_group_and_a_site_without_groups_has_no_such_filter(doras, alice):
    Group.objects.all().delete()
    assert "By group" not in doras.get(PEOPLE).text
    crew = Group.objects.create(name="Crew")
    alice.groups.add(crew)
    assert "By group" in doras.get(PEOPLE).text
    assert shown(doras, PEOPLE, group=str(crew.pk)) == ["alice"]
    assert "alice" in shown(doras, PEOPLE, group="9" * 40)


def test_a_filter_by_room_lists_few_rooms_or_the_chosen_one(doras, harbour, lobby):
    address = "/admin/chat/membership/"
    assert "Harbour</a></li>" in doras.get(address).text.replace("\n", "").replace("  ", "")
    made = Room.objects.bulk_create(Room(slug=f"room-{number}", name=f"Room {number}") for number in range(60))
    page = doras.get(address).text
    assert "?room__id__exact=" not in page
    page = doras.get(address, {"room__id__exact": made[7].pk}).text
    assert "Room 7" in page
    assert "Room 8" not in page


def test_a_list_of_many_rows_counts_ten_thousand_at_most(doras, harbour, monkeypatch):
    monkeypatch.setattr("chat.admin.paging.COUNTED_ROWS", 2)
    assert doras.get("/admin/chat/membership/").context["cl"].result_count == 2
