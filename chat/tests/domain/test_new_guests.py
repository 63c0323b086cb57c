"""New guests are counted by address; returning guests are not counted."""

import pytest

from chat.domain import sessions, sites, throttle
from chat.domain.errors import SlowDown

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def three_a_minute(settings, monkeypatch):
    settings.GUEST_RATE = 3
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "guests"}}
    monkeypatch.setattr(throttle, "clock", lambda: 1_000_000.0)
    throttle.cache.clear()


def test_the_fourth_new_guest_of_an_address_is_refused():
    for _ in range(3):
        sessions.identify_socket(None, "192.0.2.7")
    with pytest.raises(SlowDown) as refused:
        sessions.identify_socket(None, "192.0.2.7")
    assert refused.value.retry_after >= 1


def test_each_address_has_its_own_count():
    for _ in range(3):
        sessions.identify_socket(None, "192.0.2.7")
    assert sessions.identify_socket(None, "192.0.2.8").welcome.you.guest


def test_pages_and_sockets_share_the_count_of_new_guests(client):
    sites.set_up(token=None, name="Harbour", username="alice", password="correct-horse-9", lobby_guests="write")
    for _ in range(3):
        client.cookies.clear()
        assert client.get("/rooms/lobby/").status_code == 200
    assert client.get("/rooms/lobby/").status_code == 200, "who is known already is not counted"
    client.cookies.clear()
    assert client.get("/rooms/lobby/").status_code == 429
