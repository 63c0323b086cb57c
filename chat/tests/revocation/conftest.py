"""The cast, a hub, and a folder for files."""

import pytest
from django.core.cache.backends.locmem import LocMemCache

from chat.domain import throttle
from chat.domain.files import by_type, examination
from chat.tests.cast import alice, bob, charlie, dora, harbour, lobby, set_up_site
from chat.tests.live.conftest import connect_as, detached, hub

__all__ = ["alice", "bob", "charlie", "connect_as", "detached", "dora", "harbour", "hub", "lobby", "set_up_site"]


@pytest.fixture(autouse=True)
def examined_here(monkeypatch):
    """Files are examined without a child process: those of the room are harmless, and the start of one takes longer
    than all else that makes the room."""
    monkeypatch.setattr(examination, "examine", by_type.examine)


@pytest.fixture(autouse=True)
def own_folder_and_counters(settings, tmp_path, monkeypatch, request):
    """Files of this test alone, and no counts of other tests."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(throttle, "cache", LocMemCache(request.node.nodeid, {}))
