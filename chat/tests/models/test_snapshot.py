"""A snapshot: all reads in it see one state, and nobody waits for it."""

import threading

import pytest
from django.db import connection, connections, transaction

from chat.models import Room
from chat.models.snapshot import snapshot


def meanwhile(work):
    """Do `work` in another thread, with a connection of its own, and wait for it."""
    trouble = []

    def run():
        try:
            work()
        except Exception as error:
            trouble.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if trouble:
        raise trouble[0]


@pytest.mark.django_db(transaction=True)
def test_what_others_commit_meanwhile_is_not_seen():
    Room.objects.create(slug="first", name="First")
    with snapshot():
        assert Room.objects.count() == 1
        meanwhile(lambda: Room.objects.create(slug="second", name="Second"))
        assert Room.objects.count() == 1
    assert Room.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_does_not_wait_for_a_writer():
    with transaction.atomic():
        Room.objects.create(slug="first", name="First")

        def look():
            with snapshot():
                assert Room.objects.count() == 0

        meanwhile(look)
    assert Room.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_after_a_snapshot_all_is_as_before():
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
def test_inside_a_transaction_it_changes_nothing():
    with transaction.atomic(), snapshot():
        Room.objects.create(slug="first", name="First")
    assert Room.objects.count() == 1
