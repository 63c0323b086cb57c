"""The first lines of a text, highlighted by Pygments. Runs in the child process of `examination`: its patterns can take
very long for a text that was made for that."""

import json
from pathlib import Path

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

MAX_LINES = 40
MAX_LINE_CHARS = 300
MAX_BYTES = 32 * 1024


def write(source: Path, name: str, folder: Path) -> int:
    """Write `excerpt`, JSON with `language`, `html`, `lines` and `more`, into `folder`. Returns the number of lines.

    The name of the file chooses the language, which changes nothing but colours.
    """
    with source.open("rb") as file:
        head = file.read(MAX_BYTES + 1)
    lines, has_more = _first_lines(decode(head[:MAX_BYTES]))
    lexer = _lexer_for(name)
    html = highlight("\n".join(lines), lexer, HtmlFormatter(nowrap=True)).rstrip("\n")
    excerpt = {
        "language": "" if isinstance(lexer, TextLexer) else lexer.name,
        "html": html,
        "lines": len(lines),
        "more": has_more or len(head) > MAX_BYTES,
    }
    (folder / "excerpt").write_text(json.dumps(excerpt))
    return len(lines)


def decode(head: bytes) -> str:
    """The beginning of a text in UTF-8, in UTF-16 with a mark, or in Windows-1252."""
    for bom, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")):
        if head.startswith(bom):
            return head[len(bom) :].decode(encoding, "replace")
    try:
        return head.decode()
    except UnicodeDecodeError as error:
        # A last character that is cut is no reason to take the text for an older encoding.
        is_cut = error.reason == "unexpected end of data"
        return head[: error.start].decode() if is_cut else head.decode("cp1252", "replace")


def _first_lines(text: str) -> tuple[list[str], bool]:
    all_lines = text.replace("\0", "").splitlines()
    lines = [line if len(line) <= MAX_LINE_CHARS else line[:MAX_LINE_CHARS] + "…" for line in all_lines[:MAX_LINES]]
    return lines, len(all_lines) > MAX_LINES or any(len(line) > MAX_LINE_CHARS for line in all_lines[:MAX_LINES])


def _lexer_for(name: str) -> Lexer:
    # Without a text: `get_lexer_for_filename` would otherwise let every lexer look at it.
    options = {"stripnl": False, "ensurenl": False}
    try:
        return get_lexer_for_filename(name, **options)
    except ClassNotFound:
        return TextLexer(**options)
