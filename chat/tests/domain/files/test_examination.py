"""Texts and documents are examined, and the child process in which all files are."""

import json
import shutil

import pytest

from chat import child_process
from chat.domain.files import examination
from chat.domain.files.findings import Refused
from chat.tests import sample_files
from chat.tests.sample_files import SECRET

# --- Texts


def test_the_first_40_lines_of_code_are_highlighted(examine):
    code = "".join(f"x{number} = '<b>'\n" for number in range(100))
    found, folder = examine(code.encode(), "tide.py")
    assert (found.type, found.lines, found.made) == ("text/plain", 40, ["excerpt"])
    excerpt = json.loads((folder / "excerpt").read_text())
    assert (excerpt["language"], excerpt["lines"], excerpt["more"]) == ("Python", 40, True)
    assert '<span class="n">x39</span>' in excerpt["html"]
    assert "x40" not in excerpt["html"]
    assert "<b>" not in excerpt["html"]


@pytest.mark.parametrize(
    ("content", "name", "language", "shown"),
    [
        (b"just words", "notes.txt", "", "just words"),
        (b"no extension", "README", "", "no extension"),
        ("你好\r\nGrüße".encode("utf-16"), "a.txt", "", "你好\nGrüße"),
        ("Grüße".encode("latin-1"), "a.txt", "", "Grüße"),
        (b"<svg onload=alert(1)></svg>", "logo.svg", "XML", "alert(1)"),
        (b"<script>alert(1)</script>", "page.html", "HTML", "alert"),
        (b"y" * 1000, "long.txt", "", "y" * 300 + "…"),
    ],
)
def test_a_text_is_shown_as_text(examine, content, name, language, shown):
    found, folder = examine(content, name)
    excerpt = json.loads((folder / "excerpt").read_text())
    assert excerpt["language"] == language
    assert shown in excerpt["html"]
    assert "<script" not in excerpt["html"]
    assert found.lines == excerpt["lines"]


# --- Documents


def test_the_first_page_of_a_pdf_is_a_picture(examine, monkeypatch, tmp_path):
    if shutil.which("pdftoppm") is None:
        # Poppler is optional. What it does here: it writes a PNG.
        (tmp_path / "page.png").write_bytes(sample_files.picture("PNG", size=(763, 1080)))
        program = tmp_path / "pdftoppm"
        program.write_text(f'#!/bin/sh\nfor last; do :; done\ncp {tmp_path}/page.png "$last.png"\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    found, folder = examine(sample_files.pdf())
    assert found.made == ["thumb-360", "thumb-1080"]
    assert found.width == pytest.approx(1080 * 595 / 842, abs=2)
    assert found.height == 1080
    assert sample_files.opened(folder / "thumb-1080").size == (found.width, 1080)


def test_a_broken_pdf_and_a_site_without_poppler_get_no_picture(examine, monkeypatch):
    assert examine(b"%PDF-1.7\nnothing")[0].made == []
    monkeypatch.setenv("PATH", "/nowhere")
    assert examine(sample_files.pdf())[0].made == []


@pytest.mark.parametrize("content", [b"", b"MZ\x90\0", sample_files.archive("a")])
def test_other_files_get_no_thumbnail_and_no_excerpt(examine, content):
    found, folder = examine(content)
    assert (found.made, found.has_original) == ([], False)
    assert not list(folder.iterdir())


# --- The child process


def test_the_child_process_gives_the_same_findings(examine):
    content = sample_files.picture("JPEG", size=(500, 300), exif=sample_files.secret_exif(6))
    here, _folder = examine(content)
    there, folder = examine(content, examine=examination.examine)
    assert here == there
    assert SECRET not in (folder / "original").read_bytes()
    with pytest.raises(Refused, match="damaged"):
        examine(content[:200], examine=examination.examine)


def test_the_child_process_has_no_secrets_and_ends_in_time(examine, monkeypatch, tmp_path):
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\nenv > {tmp_path}/environment\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setattr(child_process.sys, "executable", str(program))
    monkeypatch.setattr(examination, "TIMEOUT_S", 0.5)
    with pytest.raises(Refused, match="damaged"):
        examine(b"text", examine=examination.examine)
    environment = (tmp_path / "environment").read_text()
    assert "PATH=" in environment
    assert "SECRET" not in environment
    assert "DATABASE" not in environment
