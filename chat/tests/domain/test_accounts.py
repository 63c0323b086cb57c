"""Accounts: names, passwords, creating, deactivating and deleting."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone

from chat.domain import accounts, guests, handles, invites, messages, profiles, rooms, sidebar
from chat.domain.errors import Forbidden, Invalid
from chat.models import Invite, Membership, Mention, Message, Reaction, Revision, Session, Sidebar
from chat.tests.cast import PASSWORD, person
from chat.tests.talk import head, post_message

pytestmark = pytest.mark.django_db


def refused_name(name, **options) -> bool:
    """Whether `name` is refused for all users."""
    try:
        handles.clean(name, **options)
    except Invalid as error:
        return error.field == "username"
    return False


@pytest.mark.parametrize("name", ["erin", "Erin", "erin.o-neil_2", "Ærøskøbing", "李明", "erin@example.org", "x" * 150])
def test_a_usual_name_is_accepted_as_it_is(name):
    assert handles.clean(name) == name


def test_a_name_is_stored_in_one_form_of_unicode():
    assert handles.clean("  Ⅷ ") == "VIII"
    assert handles.clean("e\u0301rin") == "\u00e9rin"


@pytest.mark.parametrize(
    "name",
    ["", " ", "erin o", "erin\nadmin", "erin\x00", "er\u200bin", "\u202enire", "x" * 151, "<b>erin</b>", "erin/"],
)
def test_a_name_with_odd_characters_is_refused(name):
    assert refused_name(name)


@pytest.mark.parametrize("name", ["all", "ALL", "a.l.l", "everyone", "here", "guest", "Guest42", "_guest_"])
def test_a_reserved_name_is_refused(name):
    assert refused_name(name)


@pytest.mark.parametrize("change", [str, str.lower, str.upper])
@pytest.mark.parametrize("between", ["", ".", "-", "_"])
def test_a_name_like_a_guests_is_refused(change, between):
    name = guests.new_guest().name
    assert refused_name(change(name.replace(" ", between)))


@pytest.mark.parametrize("name", ["amber", "AmberFox", "fox42", "swiftly.wren", "guestbook"])
def test_a_name_that_only_resembles_a_guests_is_accepted(name):
    assert not refused_name(name)


@pytest.mark.parametrize(
    ("taken", "name"), [("bob", "BOB"), ("Bob", "bob"), ("bob", "ｂｏｂ"), ("ærø", "ÆRØ"), ("ÆRØ", "ærø")]
)
def test_a_name_that_differs_only_in_case_is_refused(taken, name):
    person(taken)
    assert refused_name(name)


def test_bob_may_keep_his_own_name(bob):
    assert handles.clean("Bob", exclude=bob) == "Bob"
    assert refused_name("Bob")


def test_an_account_is_made_with_its_name_password_and_address():
    erin = accounts.create(username="erin", password=PASSWORD, email="erin@example.org")
    assert erin.check_password(PASSWORD)
    assert erin.email == "erin@example.org"
    assert not erin.is_staff
    assert not erin.is_superuser


@pytest.mark.parametrize("password", ["", "short", "password1", "erin-the-first"])
def test_a_weak_password_makes_no_account(password):
    with pytest.raises(Invalid) as caught:
        accounts.create(username="erin-the-first", password=password)
    assert caught.value.field == "password"
    assert not get_user_model().objects.exists()


def test_a_wrong_address_makes_no_account():
    with pytest.raises(Invalid) as caught:
        accounts.create(username="erin", password=PASSWORD, email="erin@")
    assert caught.value.field == "email"


def test_an_account_is_deactivated_and_reactivated(bob, dora):
    accounts.deactivate(user=bob, by=dora)
    bob.refresh_from_db()
    assert not bob.is_active
    accounts.reactivate(user=bob)
    bob.refresh_from_db()
    assert bob.is_active


def test_deactivation_is_published_to_the_hubs(bob, dora, monkeypatch):
    told = []
    monkeypatch.setattr("chat.domain.sessions.publish_account_change", told.append)
    accounts.deactivate(user=bob, by=dora)
    assert told == [bob.pk]


def test_dora_cannot_deactivate_her_own_account(dora):
    with pytest.raises(Forbidden):
        accounts.deactivate(user=dora, by=dora)
    dora.refresh_from_db()
    assert dora.is_active


def test_a_person_without_traces_is_deleted_with_their_own_settings(harbour, bob, dora, client, monkeypatch):
    told = []
    monkeypatch.setattr("chat.domain.accounts.publish_account_change", told.append)
    client.force_login(bob)
    profiles.change(user=bob, theme="dark")
    sidebar.fold(section="rooms", user=bob, on=True)
    pk = bob.pk
    accounts.delete(user=bob, by=dora)
    assert told == [pk]
    assert not get_user_model().objects.filter(pk=pk).exists()
    assert not Membership.objects.filter(user=pk).exists()
    assert not Session.objects.filter(user=pk).exists()
    assert not Sidebar.objects.filter(user=pk).exists()


def wrote(harbour, alice, bob):
    post_message(harbour, bob)
    return Message, "author"


def reacted(harbour, alice, bob):
    messages.react(message=post_message(harbour, alice).pk, by=bob, emoji="👋", on=True)
    return Reaction, "user"


def was_mentioned(harbour, alice, bob):
    post_message(harbour, alice, "Ahoy @bob")
    return Mention, "user"


def moderated(harbour, alice, bob):
    rooms.set_role(room=harbour, user=bob, role="moderator")
    messages.delete(message=post_message(harbour, alice).pk, by=bob)
    return Revision, "replaced_by"


def invited(harbour, alice, bob):
    invites.create(room=harbour, by=bob, expires_at=timezone.now() + timedelta(days=1), uses=1)
    return Invite, "created_by"


def administered(harbour, alice, bob):
    kind = ContentType.objects.get_for_model(harbour)
    LogEntry.objects.create(user=bob, content_type=kind, object_id="1", object_repr="Harbour", action_flag=CHANGE)
    return LogEntry, "user"


def made_a_room(harbour, alice, bob):
    rooms.create(slug="pier", name="Pier", by=bob)
    return Membership, "user"


@pytest.mark.parametrize("did", [wrote, reacted, was_mentioned, moderated, invited, administered, made_a_room])
def test_a_person_with_traces_cannot_be_deleted(harbour, alice, bob, dora, did):
    model, field = did(harbour, alice, bob)
    version, rows = head(harbour), list(model.objects.values())
    with pytest.raises(Forbidden) as caught:
        accounts.delete(user=bob, by=dora)
    assert caught.value.detail.startswith("“bob” cannot be deleted without a trace")
    assert "Deactivate the account instead" in caught.value.detail
    assert model.objects.filter(**{field: bob}).exists()
    assert list(model.objects.values()) == rows
    assert head(harbour) == version


@pytest.mark.parametrize("did", [wrote, reacted, was_mentioned, moderated])
def test_the_database_refuses_to_delete_a_person_with_traces(harbour, alice, bob, did):
    did(harbour, alice, bob)
    with pytest.raises(ProtectedError):
        bob.delete()


def test_a_room_with_messages_cannot_be_deleted(harbour, bob):
    post_message(harbour, bob)
    with pytest.raises(ProtectedError):
        harbour.delete()


def test_a_trace_that_is_added_during_a_deletion_prevents_it(harbour, bob, dora, monkeypatch):
    traces_of = accounts.traces_of

    def and_then_bob_writes(user):
        traces = traces_of(user)
        if not traces:
            post_message(harbour, bob)
        return traces

    monkeypatch.setattr(accounts, "traces_of", and_then_bob_writes)
    with pytest.raises(Forbidden):
        accounts.delete(user=bob, by=dora)
    assert harbour.messages.count() == 1


def test_dora_cannot_delete_her_own_account(dora):
    with pytest.raises(Forbidden):
        accounts.delete(user=dora, by=dora)


def closed_by_the_verb(bob, dora):
    accounts.deactivate(user=bob, by=dora)


def closed_by_a_form(bob, dora):
    bob.is_active = False
    bob.save()


def closed_by_a_query(bob, dora):
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)


@pytest.mark.parametrize("close", [closed_by_the_verb, closed_by_a_form, closed_by_a_query])
def test_old_cookies_stay_invalid_when_an_account_is_reactivated(bob, dora, close):
    browser = Client()
    browser.force_login(bob)
    other = Client()
    other.force_login(dora)
    close(bob, dora)
    accounts.reactivate(user=bob)
    assert "_auth_user_id" not in browser.session
    assert not Session.objects.filter(user=bob).exists()
    assert Session.objects.filter(user=dora).exists()
