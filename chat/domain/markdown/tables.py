"""Tables: GitHub Flavored Markdown, section 4.10, with these changes:

- a line without `|` ends the table: people write their comment below it;
- at most MAX_COLUMNS and, in a message, MAX_TABLES with MAX_CELLS in all; what is more is text.
"""

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as gfm_table

MAX_COLUMNS = 30
MAX_CELLS = 600
MAX_TABLES = 20

# Possessive: the time is linear in the length of the line.
_DELIMITERS = re.compile(r"\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+\Z")
_BAR = re.compile(r"(?<!\\)\|")
_SIDES = {"text-align:left": "left", "text-align:center": "center", "text-align:right": "right"}


def table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A rule of markdown-it."""
    if not begins(state, start, end):
        return False
    if silent:
        return True
    last = _end(state, start, end)
    cells = (last - start - 1) * _count(_line(state, start + 1))
    state.env["tables"] = state.env.get("tables", 0) + 1
    used = state.env["cells"] = state.env.get("cells", 0) + cells
    first = len(state.tokens)
    if used > MAX_CELLS or not gfm_table(state, start, last, False):
        return False
    for token in state.tokens[first:]:
        # Styles are not allowed in the HTML of messages.
        style = token.attrs.pop("style", None)
        if style is not None:
            token.attrs["class"] = _SIDES[str(style)]
    return True


def begins(state: StateBlock, line: int, end: int) -> bool:
    """Whether a table begins at `line`: it has a `|`, and below it is the line of delimiters with as many columns."""
    if line + 1 >= end or state.env.get("tables", 0) >= MAX_TABLES:
        return False
    head = _line(state, line)
    if "|" not in head:
        return False
    below = _line(state, line + 1)
    # `- |` is an item of a list.
    if not _DELIMITERS.match(below) or below[:2] in ("- ", "-\t") or state.sCount[line + 1] < state.blkIndent:
        return False
    if state.is_code_block(line) or state.is_code_block(line + 1):
        return False
    return _count(below) == _count(head) <= MAX_COLUMNS


def _count(row: str) -> int:
    """The number of cells."""
    cells = _BAR.split(row.strip(" \t"))
    return len(cells) - (not cells[0]) - (len(cells) > 1 and not cells[-1])


def _end(state: StateBlock, start: int, end: int) -> int:
    """The line after the last row."""
    line = start + 2
    while line < end and "|" in _line(state, line):
        line += 1
    return line


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
