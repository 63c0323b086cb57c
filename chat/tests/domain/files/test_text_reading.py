"""The text of files, as search finds it."""

import io
import zipfile
from datetime import UTC, datetime

import pytest

from chat.domain import messages
from chat.domain.files import office_text, processing, text_reading
from chat.domain.search.find import find
from chat.domain.search.query import parse
from chat.models import FileText
from chat.tests import sample_files
from chat.tests.attached import attach
from chat.tests.running_jobs import run_jobs
from chat.tests.talk import post_message
from chat.tests.uploading import complete, posted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.extended]

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
WORD = f"<w:document {W}><w:body><w:p><w:r><w:t>Lantern </w:t><w:t>budget</w:t></w:r></w:p></w:body></w:document>"
CELLS = (
    '<worksheet><c t="s"><v>0</v></c><c><v>4711</v></c><c t="inlineStr"><is><t>Inline anchor</t></is></c></worksheet>'
)
SLIDE = '<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>Slide about buoys</a:t></a:r></a:p></p:sld>'
ODT = '<o:doc xmlns:o="o" xmlns:text="t"><text:p>Open 港口 document</text:p><text:p>second</text:p></o:doc>'
BOMB = '<!DOCTYPE b [<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;">]>' + WORD.replace("budget", "&b;")


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "files": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


def archive(parts: dict[str, str], mimetype: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        if mimetype:
            made.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        else:
            made.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def found(text, reader):
    return [hit.message.pk for hit in find(parse(text, now=datetime.now(UTC), zone=UTC), reader).hits]


FILES = {
    "notes.txt": (b"Ahoy from the harbour master", "harbour master"),
    "main.py": (b"def steer_ship(course): pass\n", "steer_ship"),
    "plan.pdf": (sample_files.pdf("Harbour plan"), '"harbour plan"'),
    "a.docx": (archive({"word/document.xml": WORD}), '"lantern budget"'),
    "b.xlsx": (
        archive({"xl/sharedStrings.xml": "<sst><si><t>Shared sail</t></si></sst>", "xl/worksheets/sheet1.xml": CELLS}),
        "sail 4711 inline",
    ),
    "c.pptx": (archive({"ppt/slides/slide1.xml": SLIDE}), "buoys"),
    "d.odt": (archive({"content.xml": ODT}, "application/vnd.oasis.opendocument.text"), "港口 second"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_message_is_found_by_the_text_of_its_file(harbour, alice, bob, charlie, name):
    content, query = FILES[name]
    message = post_message(harbour, alice, "see below")
    file = attach(message, content, name, is_processed=False)
    assert found(query, bob) == []
    processing.process(attachment=file.pk)
    run_jobs()
    assert found(query, bob) == [message.pk]
    assert found(query, charlie) == []
    hit = find(parse(query, now=datetime.now(UTC), zone=UTC), bob).hits[0]
    marked = [part for part in hit.fragments if part.file is not None and part.marks and not part.is_name]
    assert marked
    messages.delete(message=message.pk, by=alice)
    assert found(query, bob) == []


def test_a_file_that_was_read_before_it_was_posted_is_found_when_the_message_is(harbour, alice, bob, files):
    upload = complete(harbour, alice, b"The tide table of June")
    run_jobs()
    assert FileText.objects.get().text == "The tide table of June"
    message = post_message(harbour, alice, "", attachments=posted(upload))
    assert found("tide table", bob) == [message.pk]
    assert found("ext:txt", bob) == [message.pk]


@pytest.mark.parametrize(
    "content",
    [
        archive({"word/document.xml": BOMB}),
        archive({"word/document.xml": "<w:t>" * 100_000}),
        archive({"word/document.xml": "<a>" + "x" * 80_000_000}),
        archive({"word/document.xml": "no xml"}),
        sample_files.pdf("x")[:200],
        b"%PDF-1.7\n" + b"1 0 obj<<" * 50_000,
    ],
    ids=["entities", "deep", "large", "no xml", "cut pdf", "broken pdf"],
)
def test_a_hostile_file_has_no_text_and_its_job_ends(harbour, alice, content):
    name = "a.pdf" if content.startswith(b"%PDF") else "a.docx"
    file = attach(post_message(harbour, alice), content, name, is_processed=False)
    processing.process(attachment=file.pk)
    run_jobs()
    assert "boom" not in FileText.objects.get(attachment=file).text
    assert len(FileText.objects.get(attachment=file).text) <= 1_000_000


def test_the_text_of_an_archive_is_cut_at_its_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(office_text, "MAX_CHARACTERS", 20)
    path = tmp_path / "a.docx"
    path.write_bytes(archive({"word/document.xml": f"<w:d {W}>" + "<w:p><w:t>0123456789</w:t></w:p>" * 50 + "</w:d>"}))
    assert len(office_text.read(path, office_text.WORD)) == 20


def test_files_that_wait_for_their_text_are_queued_again(harbour, alice, monkeypatch):
    monkeypatch.setattr(text_reading, "LEFT_AFTER", text_reading.LEFT_AFTER * 0)
    file = attach(post_message(harbour, alice), b"late words", "late.txt", is_processed=False)
    processing.process(attachment=file.pk)
    run_jobs()
    FileText.objects.all().delete()
    text_reading.enqueue_left()
    run_jobs()
    assert FileText.objects.get().text == "late words"
