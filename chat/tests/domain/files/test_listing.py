"""The list of a room's files: by kind, person and day, in pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import messages, profiles
from chat.domain.errors import NotFound
from chat.domain.files import listing
from chat.models import Attachment
from chat.tests import sample_files
from chat.tests.attached import attach
from chat.tests.talk import post_message

pytestmark = [pytest.mark.django_db, pytest.mark.extended]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def sent(harbour, alice, bob):
    """Files of all kinds, by name: Alice sent the first three in one message, Bob the others."""
    one, two = post_message(harbour, alice), post_message(harbour, bob)
    contents = {
        "a.jpg": sample_files.picture(),
        "a.py": b"x = 1",
        "a.mp4": sample_files.video(),
        "b.wav": sample_files.sound(),
        "b.pdf": sample_files.pdf(),
        "b.svg": b"<svg/>",
        "b.bin": b"\0\1",
    }
    return {name: attach(one if name.startswith("a") else two, content, name) for name, content in contents.items()}


def names(reply) -> list[str]:
    return [each.file.name for each in reply.files]


def test_the_newest_are_first_and_say_who_sent_them(sent, bob):
    reply = listing.find(bob, "harbour")
    assert names(reply) == ["b.bin", "b.svg", "b.pdf", "b.wav", "a.mp4", "a.py", "a.jpg"]
    assert [each.name for each in reply.senders] == ["alice", "bob"]
    first = reply.files[-1]
    assert (first.author.handle, first.message, first.guest) == ("alice", sent["a.jpg"].message_id, None)
    assert not reply.more


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("picture", ["a.jpg"]),
        ("video", ["a.mp4"]),
        ("audio", ["b.wav"]),
        ("text", ["b.svg", "a.py"]),
        ("document", ["b.bin", "b.pdf"]),
    ],
)
def test_files_of_one_kind(sent, bob, kind, found):
    assert names(listing.find(bob, "harbour", kind=kind)) == found


def test_files_of_one_person_and_until_a_day(sent, alice, bob):
    assert names(listing.find(bob, "harbour", sender=alice.pk)) == ["a.mp4", "a.py", "a.jpg"]
    today = timezone.localdate()
    Attachment.objects.filter(name__startswith="a").update(created_at=timezone.now() - timedelta(days=3))
    assert len(names(listing.find(bob, "harbour", until=today))) == 7
    assert names(listing.find(bob, "harbour", until=today - timedelta(days=1))) == ["a.mp4", "a.py", "a.jpg"]
    assert names(listing.find(bob, "harbour", until=today - timedelta(days=9))) == []


def test_pages_follow_each_other(sent, bob, monkeypatch):
    monkeypatch.setattr(listing, "FILES_A_PAGE", 3)
    pages, before = [], None
    while True:
        reply = listing.find(bob, "harbour", before=before)
        pages.append(names(reply))
        if not reply.more:
            break
        before = reply.files[-1].file.id
        # A file that comes meanwhile moves nothing.
        attach(sent["b.bin"].message, b"more", "later.txt")
    assert pages == [["b.bin", "b.svg", "b.pdf"], ["b.wav", "a.mp4", "a.py"], ["a.jpg"]]


def test_only_what_can_be_fetched_is_listed(sent, harbour, alice, bob, charlie):
    attach(post_message(harbour, alice), b"words", "processing.txt", is_processed=False)
    attach(post_message(harbour, alice), sample_files.png_that_says(10_000, 10_000), "refused.png")
    messages.delete(message=sent["a.py"].message_id, by=alice)
    assert names(listing.find(bob, "harbour")) == ["b.bin", "b.svg", "b.pdf", "b.wav"]
    with pytest.raises(NotFound):
        listing.find(charlie, "harbour")


def test_guests_are_named(garden, gina, alice):
    attach(post_message(garden, gina), b"words", "g.txt")
    (listed,) = listing.find(alice, "garden").files
    assert (listed.author, listed.guest.name) == (None, gina.name)


def test_the_number_of_queries_does_not_grow_with_the_files(sent, harbour, alice, bob, django_assert_num_queries):
    profiles.change(user=alice, title="Captain")
    with django_assert_num_queries(3):
        listing.find(bob, "harbour")
    for number in range(5):
        attach(post_message(harbour, alice), b"words", f"{number}.txt")
    with django_assert_num_queries(3):
        listing.find(bob, "harbour")
    with django_assert_num_queries(2):
        listing.find(bob, "harbour", before=sent["b.bin"].pk)
