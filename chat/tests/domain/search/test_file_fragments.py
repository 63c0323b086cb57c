"""Which parts of the texts of files a hit shows, and how much work that may be."""

from datetime import UTC, datetime

import pytest

from chat.domain.search import documents, fragments, normalise
from chat.domain.search.find import find
from chat.domain.search.query import parse
from chat.models import Attachment, FileText, Message
from chat.tests.attached import attach
from chat.tests.talk import post_message

pytestmark = [pytest.mark.django_db, pytest.mark.extended]


def post_with_text(room, author, body: str, *texts: str) -> Message:
    """A message with a file for each of these texts."""
    message = post_message(room, author, body)
    for number, text in enumerate(texts):
        file = attach(message, b"x", f"{number}.txt")
        FileText.objects.update_or_create(attachment=file, defaults={"text": text})
    message = Message.objects.get(pk=message.pk)
    documents.write_files(message.pk)
    return message


def hits(text, reader):
    return find(parse(text, now=datetime.now(UTC), zone=UTC), reader).hits


def marked(hit) -> list[str]:
    """What is marked in the texts of the files of a hit."""
    shown = [each for each in hit.fragments if each.file is not None and not each.is_name]
    return [each.text[start:end] for each in shown for start, end in each.marks]


def test_a_word_far_behind_in_a_long_file_is_shown(garden, alice, bob):
    post_with_text(garden, alice, "log", "Größe über alles " * 9_000 + "the Café is here " + "more " * 500)
    [hit] = hits("cafe", bob)
    assert marked(hit) == ["Café"]
    post_with_text(garden, alice, "日志", "天气很好" * 20_000 + "公园" + "天气很好" * 200)
    [hit] = hits("公园", bob)
    assert marked(hit) == ["公园"]


def test_only_files_whose_text_was_found_have_fragments(garden, alice, bob):
    post_with_text(garden, alice, "three papers", "about tea", "about coffee", "about tea and more")
    [hit] = hits("coffee", bob)
    [shown] = [each.file for each in hit.fragments if each.file is not None and not each.is_name]
    assert Attachment.objects.get(pk=shown).name == "1.txt"


def test_the_work_for_a_page_does_not_grow_with_the_texts_of_files(garden, alice, bob, monkeypatch):
    for number in range(4):
        post_with_text(garden, alice, f"paper {number}", *["word " * 3_000 + "wordy " * 3_000] * 2)
    split = []
    words = normalise.words

    def count(text):
        split.append(len(text))
        return words(text)

    monkeypatch.setattr(normalise, "words", count)
    monkeypatch.setattr(fragments, "MAX_READ", 12_000)
    found = hits("word wordy", bob)
    assert (bool(marked(found[0])), bool(marked(found[-1]))) == (True, False)
    assert sum(split) < 12_000 + 2 * fragments._PIECE
