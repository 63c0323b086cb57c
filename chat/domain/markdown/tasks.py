"""Lists of tasks: GitHub Flavored Markdown, section 5.3. `- [ ] to do` and `- [x] done`.

The author ticks a task by a click. That is an edit of one character of the text, so a task is known by its number: the
first one of a message has the number 0.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

_BOX = re.compile(r"\[([ xX])\][ \t]+(?=\S)")


def take_boxes(tokens: Sequence[Token]) -> dict[int, str]:
    """Remove the boxes from the texts of tasks, and mark the items. Returns the HTML of each box by the place of its
    text in `tokens`."""
    boxes = {}
    for number, (place, box) in enumerate(_find(tokens)):
        tokens[place].content = tokens[place].content[box.end() :]
        tokens[place - 2].attrJoin("class", "task")
        checked = "" if box[1] == " " else " checked"
        boxes[place] = f'<input class="task-box" type="checkbox" data-task="{number}" disabled{checked}> '
    return boxes


def positions(text: str, tokens: Sequence[Token]) -> list[int]:
    """The position in `text` of the mark in each box."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    found = []
    for place, _box in _find(tokens):
        number = (tokens[place].map or [0])[0]
        # The text of an item is the end of its line: before it are only the marks of lists and quotes.
        first = tokens[place].content.split("\n", 1)[0].rstrip(" \t")
        found.append(starts[number] + len(lines[number].rstrip(" \t")) - len(first) + 1)
    return found


def _find(tokens: Sequence[Token]) -> Iterator[tuple[int, re.Match[str]]]:
    """The places of the texts that begin items of lists with a box, and their boxes."""
    for place, token in enumerate(tokens):
        if token.type == "inline" and place >= 2 and tokens[place - 2].type == "list_item_open":
            box = _BOX.match(token.content)
            if box:
                yield place, box
