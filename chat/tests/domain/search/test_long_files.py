"""The long texts of files are split by a job: no verb holds the lock of a room meanwhile."""

import pytest

from chat.domain import messages, restoring
from chat.domain.search import building, documents, normalise
from chat.models import FileText, Job, Message, SearchDocument
from chat.tests.attached import attach
from chat.tests.running_jobs import run_jobs
from chat.tests.talk import post_message

from .test_find import ids

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.extended]


@pytest.fixture
def split(monkeypatch):
    """The lengths of the texts that are split into words."""
    lengths = []
    words = normalise.words

    def count(text):
        lengths.append(len(text))
        return words(text)

    monkeypatch.setattr(normalise, "words", count)
    return lengths


@pytest.fixture
def posted(garden, alice):
    """A message with a long file, which is found."""
    message = post_message(garden, alice, "log").pk
    for number in range(2):
        file = attach(Message.objects.get(pk=message), b"x", f"{number}.txt")
        FileText.objects.update_or_create(attachment=file, defaults={"text": f"anchor{number} " * 3_000})
    documents.write(Message.objects.get(pk=message))
    run_jobs()
    return message


def test_an_edit_splits_no_long_text_and_is_found_at_once(posted, alice, bob, split):
    split.clear()
    messages.edit(message=posted, by=alice, body="see https://example.com/")
    assert sum(split) < 1_000
    assert ids("example", bob) == ids("anchor1", bob) == [posted]
    run_jobs()
    assert list(building.differences()) == []


def test_edits_of_one_message_wait_for_one_job(posted, alice, bob):
    for number in range(5):
        messages.edit(message=posted, by=alice, body=f"edit{number}")
    assert Job.objects.queued().filter(task_path="chat.jobs.search.write_files").count() == 1
    run_jobs()
    assert ids("edit4", bob) == ids("anchor1", bob) == [posted]
    assert list(building.differences()) == []


def test_a_file_that_gets_its_text_while_a_job_splits_the_others_is_found(posted, garden, alice, bob, monkeypatch):
    rows_of = documents.rows_of

    def write_meanwhile(message, texts):
        monkeypatch.setattr(documents, "rows_of", rows_of)
        found = rows_of(message, texts)
        file = attach(Message.objects.get(pk=posted), b"x", "late.txt")
        FileText.objects.update_or_create(attachment=file, defaults={"text": "latecomer " * 3_000})
        return found

    messages.edit(message=posted, by=alice, body="once more")
    monkeypatch.setattr(documents, "rows_of", write_meanwhile)
    run_jobs()
    run_jobs()
    assert ids("latecomer", bob) == [posted]


def test_a_message_is_found_by_its_long_files_after_it_was_restored(posted, alice, bob, split):
    messages.delete(message=posted, by=alice)
    run_jobs()
    assert not SearchDocument.objects.exists()
    split.clear()
    restoring.restore(message=posted, by=alice)
    assert sum(split) < 1_000
    assert ids("log", bob) == [posted]
    run_jobs()
    assert ids("anchor0", bob) == ids("anchor1", bob) == [posted]
    assert list(building.differences()) == []


def test_nothing_is_written_of_a_message_that_was_deleted_or_changed_meanwhile(posted, alice, bob, monkeypatch):
    rows_of = documents.rows_of

    def rows_and(change):
        def made(message, texts):
            rows = rows_of(message, texts)
            monkeypatch.setattr(documents, "rows_of", rows_of)
            change()
            return rows

        monkeypatch.setattr(documents, "rows_of", made)

    rows_and(lambda: messages.edit(message=posted, by=alice, body="other words"))
    documents.write_files(posted)
    assert (ids("log", bob), ids("other", bob)) == ([], [posted])
    rows_and(lambda: messages.delete(message=posted, by=alice))
    documents.write_files(posted)
    assert not SearchDocument.objects.exists()


def test_a_build_writes_long_files_too(posted, bob):
    before = dict(SearchDocument.objects.values_list("pk", "tokens"))
    SearchDocument.objects.all().delete()
    building.begin()
    building.build_next()
    assert dict(SearchDocument.objects.values_list("pk", "tokens")) == before
    assert ids("anchor0", bob) == [posted]
