"""The cast, and a clock and a count of tries of each test's own."""

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client

from chat.domain import throttle
from chat.tests.cast import PASSWORD, alice, bob, charlie, dora, harbour, lobby, set_up_site
from chat.tests.talk import garden, gina

__all__ = ["alice", "bob", "charlie", "dora", "garden", "gina", "harbour", "lobby", "set_up_site"]


@pytest.fixture(autouse=True)
def clock(monkeypatch, request):
    """The time that tries are counted by, in a list of one number; nothing has been counted yet."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(throttle, "clock", lambda: now[0])
    monkeypatch.setattr(throttle, "cache", LocMemCache(request.node.nodeid, {}))
    return now


@pytest.fixture
def tries(client):
    """Function that asks `times` times and returns the statuses: `tries(12, client.post, "/…", {…})`."""

    def ask(times, method, *args, **kwargs):
        return [method(*args, **kwargs).status_code for _ in range(times)]

    return ask


@pytest.fixture
def erin(set_up_site, django_user_model):
    """Someone who types a password."""
    return django_user_model.objects.create_user("erin", "erin@example.org", PASSWORD)


@pytest.fixture
def erins(client, erin):
    """Her browser."""
    client.force_login(erin)
    return client


@pytest.fixture
def visit():
    """Function that gives the browser of a person; a visitor's without one."""

    def browse(user=None) -> Client:
        client = Client()
        if user:
            client.force_login(user)
        return client

    return browse
