"""The examples of the extensions in GitHub's specification. Those that render differently are listed with a reason."""

import json
import re
from pathlib import Path

import pytest

from chat.domain.markdown import grammar
from chat.tests.domain.markdown.test_commonmark import canonical

EXAMPLES = json.loads((Path(__file__).parent / "gfm-0.29.json").read_text(encoding="utf-8"))["examples"]

WANTED = {
    5: "a line without | ends the table: people write their comment below it",
    17: "an address ends at a bracket that has no opening one",
    18: "an address ends before a ; but not before an entity, which nobody writes in a chat",
    20: "no links to ftp: browsers no longer open them",
    23: "an address of mail ends before - and _",
    24: "no raw HTML: it is shown as it was typed",
}


def same(html: str) -> str:
    """HTML without known differences: the order of attributes, our classes and numbers of tasks, <s> for <del>."""
    html = re.sub(r' (?:class="task(?:-box)?"|data-task="\d+"|disabled|type="checkbox")(?:="")?', "", canonical(html))
    return html.replace('checked=""', "checked").replace("<del>", "<s>").replace("</del>", "</s>")


def test_the_file_has_the_examples_of_each_extension():
    counts = {kind: sum(each[0] == kind for each in EXAMPLES) for kind, _markdown, _html in EXAMPLES}
    assert counts == {"table": 8, "disabled": 2, "strikethrough": 2, "autolink": 11, "tagfilter": 1}


@pytest.mark.parametrize("number", range(1, 25))
def test_an_example_renders_as_specified_or_is_listed_with_a_reason(number):
    _kind, markdown, html = EXAMPLES[number - 1]
    is_same = same(grammar.render(markdown, {}).html) == same(html)
    assert is_same == (number not in WANTED), WANTED.get(number, "differs without a reason")
