"""Paragraphs, quotes, lists, code and tables (`tables`): the rules of markdown-it, changed for a chat.

- A line without `>` is not part of a quote, and a line without indent not part of a list item ("lazy continuation").
- Markup without content is text: a lone `-`, `+`, `1.`, `#`, `>` or three backticks.
- The text after the opening backticks is the language, if it is one word and the block is closed by a line of its own.
  Otherwise it is the first line of the code.
- Quotes and lists can be nested up to DEPTH levels; deeper markers are text.
- No headings by underlining, no link reference definitions, no raw HTML.
"""

import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, fence, heading, list_block

from . import tables

DEPTH = 12
"""Levels of nested elements: a quote is one, a list with its item two."""
MAX_BLOCKS = 1000
"""Limit of blocks in a message. With more it is shown as plain text, because each block takes time."""
CLOSED_WITHIN = 8
"""Limit of code blocks that may be closed within a line. For each, all lines after it are read."""

_NOTHING = re.compile(r"(?:(?:[-+*]|[0-9]{1,9}[.)]|#+)(?:[ \t]+|\Z))*\Z")
_STARTS = frozenset("`~>*-_+#0123456789")
_LANGUAGE = re.compile(r"[ \t]*[^\s`]*[ \t]*\Z")


class TooManyBlocks(Exception):
    """The text has more than MAX_BLOCKS blocks."""


def install(markdown: MarkdownIt) -> None:
    """Replace the block rules of `markdown` by those of this module."""
    ruler = markdown.block.ruler
    # After all others but the paragraph: `- a | b` is an item of a list. `_paragraph` looks for tables itself.
    ruler.before("paragraph", "rows", tables.table)
    ruler.enableOnly(["code", "fence", "blockquote", "hr", "list", "heading", "rows", "paragraph"])
    ruler.at("fence", _fence, {"alt": ["paragraph", "blockquote", "list"]})
    ruler.at("blockquote", _blockquote, {"alt": ["paragraph", "blockquote", "list"]})
    ruler.at("list", _list, {"alt": ["paragraph", "blockquote"]})
    ruler.at("heading", _heading, {"alt": ["paragraph", "blockquote"]})
    ruler.at("paragraph", _paragraph, {"alt": []})
    ruler.before("code", "count", _count)


def _count(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A rule that matches nothing. It counts the blocks."""
    steps = state.env["steps"] = state.env.get("steps", 0) + 1
    if steps > MAX_BLOCKS:
        raise TooManyBlocks
    return False


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    return (
        heading(state, start, end, True)
        and not _NOTHING.match(_line(state, start))
        and (silent or heading(state, start, end, False))
    )


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    line = _line(state, start)
    if _NOTHING.match(line) or state.level >= DEPTH:
        return False
    return list_block(state, start, end, silent)


def _paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A paragraph ends at an empty line, a line with less indent, or the start of another block."""
    rules = state.md.block.ruler.getRules("paragraph")
    parent, state.parentType = state.parentType, "paragraph"
    line = start + 1
    while line < end and not state.isEmpty(line) and _continues(state, line):
        if tables.begins(state, line, end):
            break
        if (
            state.sCount[line] - state.blkIndent <= 3
            and state.src[state.bMarks[line] + state.tShift[line]] in _STARTS
            and any(rule(state, line, end, True) for rule in rules)
        ):
            break
        line += 1
    state.line = line
    state.push("paragraph_open", "p", 1)
    inline = state.push("inline", "", 0)
    inline.map = [start, line]
    inline.content = state.getLines(start, line, state.blkIndent, False).strip(" \t\n")
    state.push("paragraph_close", "p", -1)
    state.parentType = parent
    return True


def _continues(state: StateBlock, line: int) -> bool:
    """Whether a line is indented enough to continue the paragraph: in a list, more than its marker."""
    indent = state.sCount[line]
    return indent >= state.blkIndent or indent > state.listIndent >= 0


def _fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if not fence(state, start, end, silent):
        return False
    if silent:
        return True
    token = state.tokens[-1]
    closing = _line(state, state.line - 1).rstrip(" \t")
    closed = state.line - 1 > start and len(closing) >= len(token.markup) and not closing.strip(token.markup[0])
    if not closed:
        _close_within_a_line(state, token, start)
    if not closed or not _LANGUAGE.match(token.info) or not token.content.strip():
        token.content = f"{token.info.strip()}\n{token.content}" if token.info.strip() else token.content
        token.info = ""
    if not token.content.strip():
        state.tokens.pop()
        return False
    return True


def _close_within_a_line(state: StateBlock, token: Any, start: int) -> None:
    """Close a code block without a closing line at a line that ends with the backticks. People write it so; Slack does
    the same."""
    done = state.env["closed"] = state.env.get("closed", 0) + 1
    if done > CLOSED_WITHIN:
        return
    for line in range(start + 1, state.line):
        text = _line(state, line).rstrip(" \t")
        if text.endswith(token.markup):
            code = state.getLines(start + 1, line + 1, state.sCount[start], False).rstrip(" \t")
            token.content = code.removesuffix(token.markup) + "\n"
            state.line = line + 1
            return


def _blockquote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    # A quote may begin with one empty line. If there are more, the first ones are text.
    first = range(start, min(start + 2, end)) if _is_quoted(state, start) else ()
    if state.level >= DEPTH or not any(_is_quoted(state, line) and _line(state, line).strip("> \t") for line in first):
        return False
    if silent:
        return True
    after = start
    kept = []
    while after < end and _is_quoted(state, after):
        kept.append((state.bMarks[after], state.tShift[after], state.sCount[after], state.bsCount[after]))
        _take_marker(state, after)
        after += 1
    before = state.lineMax, state.parentType, state.blkIndent
    state.lineMax, state.parentType, state.blkIndent = after, "blockquote", 0
    state.push("blockquote_open", "blockquote", 1).markup = ">"
    state.md.block.tokenize(state, start, after)
    state.push("blockquote_close", "blockquote", -1).markup = ">"
    state.lineMax, state.parentType, state.blkIndent = before
    for line, marks in enumerate(kept, start):
        state.bMarks[line], state.tShift[line], state.sCount[line], state.bsCount[line] = marks
    state.line = after
    return True


def _is_quoted(state: StateBlock, line: int) -> bool:
    """Whether a line begins with `>`, indented by at most three columns."""
    indent = state.sCount[line] - state.blkIndent
    return 0 <= indent <= 3 and _line(state, line).startswith(">")


def _take_marker(state: StateBlock, line: int) -> None:
    """Move the start of a quoted line behind its `>` and the space after it (a tab is up to four columns: section
    2.2)."""
    position = state.bMarks[line] + state.tShift[line] + 1
    column = state.sCount[line] + 1  # of `position`, without the columns of the container: see StateBlock.bsCount
    begin = column
    virtual = state.bsCount[line]
    space = state.src[position : position + 1]
    tab_remains = False
    if space == " " or (space == "\t" and (virtual + column) % 4 == 3):
        position += 1
        column += 1
        begin += 1
    elif space == "\t":
        tab_remains = True
    state.bMarks[line] = position
    end = state.eMarks[line]
    while position < end and state.src[position] in " \t":
        if state.src[position] == "\t":
            column += 4 - (column + virtual + tab_remains) % 4
        else:
            column += 1
        position += 1
    state.bsCount[line] = state.sCount[line] + 1 + (space in (" ", "\t") and space != "")
    state.sCount[line] = column - begin
    state.tShift[line] = position - state.bMarks[line]
