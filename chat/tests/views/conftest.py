"""Fixtures: the people, their browsers, and a clock and counters for each test."""

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client

from chat.domain import throttle
from chat.tests.cast import PASSWORD, alice, bob, charlie, dora, garden, harbour, lobby, set_up_site
from chat.tests.talk import gina
from chat.tests.uploading import files_folder

__all__ = ["alice", "bob", "charlie", "dora", "files_folder", "garden", "gina", "harbour", "lobby", "set_up_site"]


@pytest.fixture(autouse=True)
def clock(monkeypatch, request):
    """The time of the throttle, as a list of one number that a test may change. All counters are empty."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(throttle, "clock", lambda: now[0])
    monkeypatch.setattr(throttle, "cache", LocMemCache(request.node.nodeid, {}))
    return now


@pytest.fixture
def tries(client):
    """Function that sends a request `times` times and returns the statuses: `tries(12, client.post, "/…", {…})`."""

    def ask(times, method, *args, **kwargs):
        return [method(*args, **kwargs).status_code for _ in range(times)]

    return ask


@pytest.fixture
def erin(set_up_site, django_user_model):
    """Erin, who has a password and is in no room."""
    return django_user_model.objects.create_user("erin", "erin@example.org", PASSWORD)


@pytest.fixture
def erins(client, erin):
    """A client that is signed in as Erin."""
    client.force_login(erin)
    return client


@pytest.fixture
def visit():
    """Function that returns a client: `visit(bob)` is signed in as Bob, `visit()` is not signed in."""

    def browse(user=None) -> Client:
        client = Client()
        if user:
            client.force_login(user)
        return client

    return browse
