"""The index can be built from the messages at any time, and compared with them."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from chat.domain import messages
from chat.domain.search import building, documents
from chat.models import FileText, Message, SearchDocument, SearchIndex
from chat.models.search import AUTOMERGE, FTS_TABLE
from chat.tests.attached import attach
from chat.tests.running_jobs import run_jobs
from chat.tests.talk import post_message

from .test_find import ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted(garden, alice):
    found = [post_message(garden, alice, f"wave {at}").pk for at in range(7)]
    file = attach(Message.objects.get(pk=found[2]), b"x", "log.txt")
    FileText.objects.create(attachment=file, text="text of a file")
    documents.write(Message.objects.get(pk=found[2]))
    messages.delete(message=found[5], by=alice)
    return found


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of SQLite")
def test_segments_of_the_index_are_merged_late(db):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT v FROM {FTS_TABLE}_config WHERE k = 'automerge'")
        assert cursor.fetchone() == (AUTOMERGE,)


def test_what_the_verbs_write_is_what_a_build_writes(posted):
    before = dict(SearchDocument.objects.values_list("pk", "tokens"))
    assert list(building.differences()) == []
    building.begin()
    assert building.build_next().is_complete
    assert dict(SearchDocument.objects.values_list("pk", "tokens")) == before


def test_a_build_goes_on_in_batches_and_a_search_finds_new_messages_meanwhile(posted, garden, alice, bob, monkeypatch):
    SearchDocument.objects.all().delete()
    monkeypatch.setattr(building, "BATCH", 3)
    assert building.is_needed()
    seen = [building.build_next()]
    assert ids("wave", bob) == [posted[6], posted[4]]
    assert building.progress() is not None
    new = post_message(garden, alice, "wave of now").pk
    while building.is_needed():
        seen.append(building.build_next())
    assert [(each.done, each.total) for each in seen] == [(3, 7), (6, 7), (7, 7)]
    assert ids("wave", bob) == [new, posted[6], *posted[4::-1]]
    assert ids("file", bob) == [posted[2]]
    assert building.progress() is None
    assert list(building.differences()) == []


def test_another_format_is_built_again_by_the_job(posted, monkeypatch):
    building.build_next()
    assert not building.is_needed()
    monkeypatch.setattr(documents, "FORMAT", documents.FORMAT + 1)
    assert building.is_needed()
    from chat.jobs import search

    search.begin.enqueue()
    run_jobs()
    assert not building.is_needed()
    assert SearchIndex.objects.get().version == documents.version()


def test_the_check_names_each_difference_and_a_build_mends_them(posted, bob, capsys):
    building.build_next()
    SearchDocument.objects.filter(pk=posted[0] * 16).delete()
    Message.objects.filter(pk=posted[1]).update(text="changed behind the back")
    gone = (posted[6] + 50) * 16
    documents._insert([(gone, "'ghost'" if "'" in documents._form(documents.Document(["x"])) else "ghost")])
    found = {(each.message, each.part, each.kind) for each in building.differences()}
    assert found == {(posted[0], 0, "missing"), (posted[1], 0, "wrong"), (gone // 16, 0, "left")}
    with pytest.raises(CommandError, match="3 documents differ"):
        call_command("search", check=True)
    documents.remove([gone // 16])
    call_command("search", build=True)
    call_command("search", check=True)
    out = capsys.readouterr().out
    assert "7 of 7 messages" in out
    assert out.endswith("The index is what the messages say.\n")
    assert ids("behind", bob) == [posted[1]]


def test_an_admin_searches_all_rooms_by_the_command(harbour, alice, capsys):
    message = post_message(harbour, alice, "a secret **plan**").pk
    call_command("search", "plan")
    out = capsys.readouterr().out
    assert f"harbour  alice  #{message}" in out
    assert "a secret plan" in out
    call_command("search", "nowhere")
    assert "Nothing was found." in capsys.readouterr().out
