"""In a snapshot all reads see the same state, and no writer waits for it."""

import threading

import pytest
from django.db import connection, connections, transaction

from chat.models import Room
from chat.models.snapshot import snapshot


def in_another_thread(work):
    """Run `work` in another thread with its own connection, and wait until it ends."""
    errors = []

    def run():
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]


@pytest.mark.django_db(transaction=True)
def test_later_commits_of_others_are_not_visible():
    Room.objects.create(slug="first", name="First")
    with snapshot():
        assert Room.objects.count() == 1
        in_another_thread(lambda: Room.objects.create(slug="second", name="Second"))
        assert Room.objects.count() == 1
    assert Room.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_does_not_wait_for_a_writer():
    with transaction.atomic():
        Room.objects.create(slug="first", name="First")

        def read():
            with snapshot():
                assert Room.objects.count() == 0

        in_another_thread(read)
    assert Room.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_after_a_snapshot_the_connection_has_its_settings_back():
    modes = []
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), snapshot():
            1 / 0  # noqa: B018
        modes.append(getattr(connection, "transaction_mode", None))
        assert not connection.in_atomic_block
        with transaction.atomic():
            Room.objects.create(slug=f"room-{len(modes)}", name="Room")
    assert modes == ["IMMEDIATE" if connection.vendor == "sqlite" else None] * 2


@pytest.mark.django_db
def test_a_snapshot_inside_a_transaction_does_nothing():
    with transaction.atomic(), snapshot():
        Room.objects.create(slug="first", name="First")
    assert Room.objects.count() == 1
