"""Sessions that know whose they are."""

from datetime import timedelta
from importlib import import_module

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DjangosStore
from django.contrib.sessions.models import Session as DjangosSession
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from chat.models import Session
from chat.models.session_store import SessionStore

pytestmark = pytest.mark.django_db


def test_a_session_is_theirs_who_sign_in_with_it(client, alice):
    session = client.session
    session["guest"] = "somebody"
    session.save()
    assert Session.objects.get().user is None
    client.cookies["sessionid"] = session.session_key
    client.force_login(alice)
    assert Session.objects.get().user == alice


def test_it_is_nobodys_after_they_sign_out(client, alice):
    client.force_login(alice)
    client.logout()
    assert not Session.objects.exists()


def test_it_goes_with_the_account(client, alice, bob):
    client.force_login(alice)
    Client().force_login(bob)
    alice.delete()
    assert Session.objects.get().user == bob


def test_its_key_is_told_nobody_who_deletes_the_account(client, alice, admin_client):
    client.force_login(alice)
    page = admin_client.get(f"/admin/auth/user/{alice.pk}/delete/").content.decode()
    assert "Session: alice ·" in page
    assert client.session.session_key not in page


def test_one_that_is_saved_again_stays_theirs(client, alice):
    client.force_login(alice)
    session = client.session
    session["seen"] = True
    session.save()
    row = Session.objects.get()
    assert (row.user, row.get_decoded()["seen"]) == (alice, True)


def test_its_owner_is_read_with_it(client, alice, django_assert_num_queries):
    client.force_login(alice)
    session = SessionStore(client.session.session_key)
    with django_assert_num_queries(1):
        assert session[SESSION_KEY] == str(alice.pk)
        assert (session.owner, session.owner.username) == (alice, "alice")


@pytest.mark.parametrize("key", [None, "", "x", "nosuchsession", "a\0b" * 12, "\ud83d"])
def test_what_is_no_key_finds_nothing(db, key):
    session = SessionStore(key)
    assert (session.load(), session.owner) == ({}, None)


@pytest.mark.django_db(transaction=True)
def test_it_is_theirs_for_callers_that_await_too(alice):
    async def keep():
        session = SessionStore()
        await session.aset(SESSION_KEY, str(alice.pk))
        await session.acreate()

    async_to_sync(keep)()
    assert Session.objects.get().user == alice


def test_clearsessions_removes_what_expired(client, alice):
    client.force_login(alice)
    Client().force_login(alice)
    Session.objects.filter(pk=client.session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    call_command("clearsessions")
    assert Session.objects.count() == 1


def test_an_upgrade_keeps_people_signed_in(alice, bob):
    """The migration copies the sessions that stand from Django's table, and leaves that to the workers that use it."""
    later, before = timezone.now() + timedelta(days=1), timezone.now() - timedelta(seconds=1)
    said = {"a" * 32: {SESSION_KEY: str(alice.pk)}, "g" * 32: {"guest": "x"}, "l" * 32: {SESSION_KEY: "999999"}}
    for key, data in said.items():
        DjangosSession.objects.create(session_key=key, session_data=DjangosStore().encode(data), expire_date=later)
    DjangosSession.objects.create(session_key="e" * 32, session_data="", expire_date=before)
    DjangosSession.objects.create(session_key="n" * 32, session_data="nonsense", expire_date=later)
    import_module("chat.migrations.0002_session").take_over(apps, connection.schema_editor())
    owners = dict(Session.objects.values_list("session_key", "user__username"))
    assert owners == {"a" * 32: "alice", "g" * 32: None, "l" * 32: None, "n" * 32: None}
    assert SessionStore("a" * 32).load() == said["a" * 32]
    assert DjangosSession.objects.count() == 5
