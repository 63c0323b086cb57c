"""Sessions with a column for their user."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import SESSION_KEY
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from chat.models import Session
from chat.models.session_store import SessionStore

pytestmark = pytest.mark.django_db


def test_a_session_gets_its_user_at_sign_in(client, alice):
    session = client.session
    session["guest"] = "somebody"
    session.save()
    assert Session.objects.get().user is None
    client.cookies["sessionid"] = session.session_key
    client.force_login(alice)
    assert Session.objects.get().user == alice


def test_sign_out_deletes_the_session(client, alice):
    client.force_login(alice)
    client.logout()
    assert not Session.objects.exists()


def test_deleting_an_account_deletes_its_sessions(client, alice, bob):
    client.force_login(alice)
    Client().force_login(bob)
    alice.delete()
    assert Session.objects.get().user == bob


def test_the_page_that_deletes_an_account_does_not_show_session_keys(client, alice, admin_client):
    client.force_login(alice)
    page = admin_client.get(f"/admin/people/user/{alice.pk}/delete/").content.decode()
    assert "Session: alice ·" in page
    assert client.session.session_key not in page


def test_saving_a_session_again_keeps_its_user(client, alice):
    client.force_login(alice)
    session = client.session
    session["seen"] = True
    session.save()
    row = Session.objects.get()
    assert (row.user, row.get_decoded()["seen"]) == (alice, True)


def test_the_user_is_read_with_the_session_in_one_query(client, alice, django_assert_num_queries):
    client.force_login(alice)
    session = SessionStore(client.session.session_key)
    with django_assert_num_queries(1):
        assert session[SESSION_KEY] == str(alice.pk)
        assert (session.owner, session.owner.handle) == (alice, "alice")


@pytest.mark.parametrize("key", [None, "", "x", "nosuchsession", "a\0b" * 12, "\ud83d"])
def test_an_invalid_key_finds_no_session(db, key):
    session = SessionStore(key)
    assert (session.load(), session.owner) == ({}, None)


@pytest.mark.django_db(transaction=True)
def test_async_code_stores_the_user_too(alice):
    async def store():
        session = SessionStore()
        await session.aset(SESSION_KEY, str(alice.pk))
        await session.acreate()

    async_to_sync(store)()
    assert Session.objects.get().user == alice


def test_clearsessions_deletes_expired_sessions(client, alice):
    client.force_login(alice)
    Client().force_login(alice)
    Session.objects.filter(pk=client.session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    call_command("clearsessions")
    assert Session.objects.count() == 1
