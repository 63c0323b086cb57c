"""Paragraphs, quotes, lists, code: the rules of markdown-it, and where a chat wants another one.

- A line without `>` is not part of a quote, and a line without indent not part of a list item ("lazy continuation").
- What would show nothing is text: a lone `-`, `+`, `1.`, `#`, `>` or three backticks.
- What stands behind the opening backticks is the language if it is one word and the block ends in a line of its own;
  else it is the first line of the code.
- Quotes and lists stand in each other up to DEPTH deep; deeper markers are text.
- No headings by underlining, no link reference definitions, no raw HTML.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, fence, heading, list_block

DEPTH = 12
"""Levels of nested elements: a quote is one, a list with its item two."""
STEPS = 1000
"""Blocks of one message. With more it is shown as plain text: reading each takes time."""
CLOSED_WITHIN = 8
"""Code blocks of one message that may end within a line: to find out, all lines after them are read."""

_NOTHING = re.compile(r"(?:(?:[-+*]|[0-9]{1,9}[.)]|#+)(?:[ \t]+|\Z))*\Z")
_STARTS = frozenset("`~>*-_+#0123456789")
_LANGUAGE = re.compile(r"[ \t]*[^\s`]*[ \t]*\Z")


class TooMuch(Exception):
    """The text has more blocks than STEPS."""


def install(markdown: MarkdownIt) -> None:
    """Set the block rules of `markdown` to those of this module."""
    ruler = markdown.block.ruler
    ruler.enableOnly(["code", "fence", "blockquote", "hr", "list", "heading", "paragraph"])
    ruler.at("fence", _fence, {"alt": ["paragraph", "blockquote", "list"]})
    ruler.at("blockquote", _blockquote, {"alt": ["paragraph", "blockquote", "list"]})
    ruler.at("list", _list, {"alt": ["paragraph", "blockquote"]})
    ruler.at("heading", _heading, {"alt": ["paragraph", "blockquote"]})
    ruler.at("paragraph", _paragraph, {"alt": []})
    ruler.before("code", "count", _count)


def _count(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Not a block: it counts those that are read."""
    steps = state.env["steps"] = state.env.get("steps", 0) + 1
    if steps > STEPS:
        raise TooMuch
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
    """Up to an empty line, a line with less indent, or one that begins another block."""
    rules = state.md.block.ruler.getRules("paragraph")
    parent, state.parentType = state.parentType, "paragraph"
    line = start + 1
    while line < end and not state.isEmpty(line) and _continues(state, line):
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
    inline.content = state.getLines(start, line, state.blkIndent, False).strip(" \t\n")
    state.push("paragraph_close", "p", -1)
    state.parentType = parent
    return True


def _continues(state: StateBlock, line: int) -> bool:
    """Whether a line is indented enough to go on with the paragraph before it: in a list, more than its markers."""
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


def _close_within_a_line(state: StateBlock, token, start: int) -> None:
    """End code that has no closing line where a line ends with the backticks: people write it so, and so does Slack."""
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
    # It may begin with one empty line; with more of them, the first ones are text.
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
    """Let a quoted line begin behind its `>` and the space after it (a tab stands for up to four: section 2.2)."""
    position = state.bMarks[line] + state.tShift[line] + 1
    column = state.sCount[line] + 1  # of `position`, without what the line's container took: see StateBlock.bsCount
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
