"""Profiles: what others see of a user. Each change has a number of the site, by which lost events are found."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.domain import live_state, messages, people, profiles, rooms, timeline
from chat.domain.errors import Invalid, NotFound
from chat.models import GuestBan, Profile, Site
from chat.tests.cast import person
from chat.tests.domain.test_query_counts import count_queries
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db


def fresh(user):
    """The user as another request reads them."""
    return people.load(user.pk)


def test_a_user_without_a_profile_is_called_by_their_handle(alice):
    assert people.as_person(fresh(alice)).model_dump() == {
        "id": alice.pk,
        "handle": "alice",
        "name": "alice",
        "avatar": None,
        "bot": False,
        "status": None,
        "version": 0,
    }


def test_a_change_is_published_once_with_the_next_number_of_the_site(alice, bob, capture_published):
    with capture_published() as envelopes:
        profiles.change(user=alice, display_name="Alice Archer")
        profiles.change(user=bob, display_name="Bob", title="Smith")
    found = [envelope.event.person for envelope in envelopes]
    assert [(one.name, one.version) for one in found] == [("Alice Archer", 1), ("Bob", 2)]
    assert Site.current().people_version == 2


@pytest.mark.parametrize("change", [{"title": "Smith"}, {"time_zone": "Asia/Tokyo"}])
def test_a_change_of_what_only_a_card_shows_is_published(alice, capture_published, change):
    with capture_published() as envelopes:
        profiles.change(user=alice, **change)
    assert [envelope.event.person.version for envelope in envelopes] == [1]


def test_a_change_that_others_do_not_see_is_not_published(alice, capture_published):
    with capture_published() as envelopes:
        profiles.change(user=alice, language="en", shows_reading=False)
        profiles.change(user=alice, display_name="")
    assert (envelopes, Site.current().people_version) == ([], 0)
    assert Profile.objects.get(user=alice).language == "en"


def test_how_alice_sees_the_pages_is_told_to_her_alone(alice, capture_published):
    with capture_published() as envelopes:
        profiles.change(user=alice, theme="dark", clock="24", title="")
        profiles.change(user=alice, theme="dark", clock="24")
    (envelope,) = envelopes
    assert envelope.users == (alice.pk,)
    assert envelope.event.model_dump() == {
        "type": "look", "theme": "dark", "density": "normal", "clock": "24", "enter": "send"
    }  # fmt: skip
    assert (Profile.objects.get(user=alice).theme, Site.current().people_version) == ("dark", 0)


def test_an_old_message_its_quote_and_reactions_have_the_new_name(harbour, alice, bob):
    hers = post_message(harbour, alice, "Ahoy")
    post_message(harbour, bob, "Aye", reply_to=hers.pk)
    messages.react(message=hers.pk, by=alice, emoji="👋", on=True)
    profiles.change(user=alice, display_name="Alice Archer")
    first, second = timeline.open_room(bob, "harbour").delta.messages
    names = first.author.name, first.reactions[0].people[0].name, second.quote.author.name
    assert names == ("Alice Archer",) * 3


def test_a_status_ends_by_itself(alice):
    profiles.set_status(user=alice, emoji="🌴", line=" On \n holiday ", until=timezone.now() + timedelta(minutes=5))
    assert people.as_person(fresh(alice)).status.text == "On holiday"
    Profile.objects.update(status_until=timezone.now() - timedelta(seconds=1))
    assert people.as_person(fresh(alice)).status is None


@pytest.mark.parametrize("minutes", [-1, 0, 60 * 24 * 400])
def test_a_status_ends_within_a_year(alice, minutes):
    with pytest.raises(Invalid) as refused:
        profiles.set_status(user=alice, line="Away", until=timezone.now() + timedelta(minutes=minutes))
    assert refused.value.field == "status_until"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("theme", "pink"),
        ("clock", "13"),
        ("density", ""),
        ("enter", "twice"),
        ("time_zone", "Mars/Olympus"),
        ("language", "xx"),
    ],
)
def test_an_unknown_choice_is_refused(alice, field, value):
    with pytest.raises(Invalid) as refused:
        profiles.change(user=alice, **{field: value})
    assert refused.value.field == field


def test_no_change_is_stored_if_one_field_is_wrong(alice):
    with pytest.raises(Invalid):
        profiles.change(user=alice, display_name="Alice Archer", theme="pink")
    assert people.as_person(fresh(alice)).name == "alice"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=120), title=st.text(max_size=120), emoji=st.text(max_size=5), line=st.text(max_size=120))
def test_any_text_is_stored_or_refused_with_a_field(alice, name, title, emoji, line):
    for change in (
        lambda: profiles.change(user=alice, display_name=name),
        lambda: profiles.change(user=alice, title=title),
        lambda: profiles.set_status(user=alice, emoji=emoji, line=line),
    ):
        try:
            change()
        except Invalid as refused:
            assert refused.field in {"display_name", "title", "emoji", "status_text"}  # noqa: PT017 - one of two outcomes
    person = people.as_person(fresh(alice))
    assert person == person.model_validate_json(person.model_dump_json())


def test_a_renamed_account_is_published(alice, capture_published):
    with capture_published() as envelopes:
        alice.handle = "alicia"
        alice.save()
    (event,) = [envelope.event for envelope in envelopes if envelope.kind == "person"]
    assert (event.person.handle, event.person.name, event.person.version) == ("alicia", "alicia", 1)


def test_the_check_and_clients_that_come_back_find_who_changed_after_a_version(alice, bob):
    profiles.change(user=alice, display_name="Alice A")
    profiles.change(user=bob, display_name="Bob B")
    profiles.change(user=alice, display_name="Alice Archer")
    names = [one.name for one in people.changed_after(0)[0]]
    assert names == ["Bob B", "Alice Archer"]
    assert [one.name for one in live_state.read_live_state([], [], [], 2).people] == ["Alice Archer"]
    assert live_state.read_live_state([], [], []).people == []


def test_more_changes_than_one_answer_holds_come_in_several(alice, bob, charlie, monkeypatch):
    monkeypatch.setattr(people, "CHANGED_LIMIT", 2)
    for user in (alice, bob, charlie):
        profiles.change(user=user, display_name=user.handle.title())
    first, are_all = people.changed_after(0)
    assert ([one.handle for one in first], are_all) == (["alice", "bob"], False)
    rest, are_all = people.changed_after(first[-1].version)
    assert ([one.handle for one in rest], are_all) == (["charlie"], True)


def test_guests_see_members_and_authors_of_rooms_that_are_open_to_them(garden, harbour, alice, bob, charlie, gina):
    dora = person("daisy")
    post_message(garden, charlie)
    rooms.leave(room=garden, user=charlie)
    seen = {user.handle for user in people.visible_to(gina)}
    assert "daisy" not in seen
    assert {"alice", "charlie"} <= seen
    assert people.seen_by_guests({dora.pk, charlie.pk}) == {charlie.pk}
    assert profiles.card_of(charlie.pk, gina).person.handle == "charlie"
    with pytest.raises(NotFound):
        profiles.card_of(dora.pk, gina)


def test_a_card_shows_the_role_in_a_room_that_the_viewer_may_see(harbour, alice, bob, charlie):
    profiles.change(user=alice, title="Harbour master", time_zone="Asia/Tokyo")
    card = profiles.card_of(alice.pk, bob, "harbour")
    assert (card.title, card.time_zone, card.role, card.admin) == ("Harbour master", "Asia/Tokyo", "owner", False)
    assert profiles.card_of(alice.pk, charlie, "harbour").role is None


def test_a_card_says_that_an_account_is_closed(harbour, alice, bob):
    assert not profiles.card_of(bob.pk, alice).closed
    bob.is_active = False
    bob.save()
    assert profiles.card_of(bob.pk, alice).closed


def test_reading_a_card_takes_two_queries(harbour, alice, bob):
    profiles.change(user=alice, title="Harbour master")
    assert count_queries(profiles.card_of, alice.pk, bob, "harbour") == 2


def test_a_banned_guest_sees_nobody(garden, alice, gina):
    profiles.change(user=alice, display_name="Alice Archer")
    assert people.changed_after(0, gina)[0]
    GuestBan.objects.create(guest_id=gina.id)
    assert people.changed_after(0, gina) == ([], True)
    with pytest.raises(NotFound):
        profiles.card_of(alice.pk, gina)
