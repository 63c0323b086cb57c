"""Markup that a chat has beside CommonMark: tables, tasks, spoilers, code in colours, emoji, rooms, times."""

import re

import pytest

from chat.domain import text
from chat.domain.markdown import grammar, highlighting, only_emoji, references, tables
from chat.domain.quotes import excerpt

ROOMS = {"design": "/rooms/design/", "q-and-a": "/rooms/q-and-a/"}


def render(body: str, **known) -> str:
    return grammar.render(body, {"bob": 7}, **known).html


# --- Tables

TABLE = "| a | b |\n|---|--:|\n| 1 | 2 |"


def test_a_table_has_a_head_and_aligned_cells():
    html = render(TABLE)
    assert re.sub(r"\n", "", html) == (
        '<table><thead><tr><th>a</th><th class="right">b</th></tr></thead>'
        '<tbody><tr><td>1</td><td class="right">2</td></tr></tbody></table>'
    )


def test_a_table_stands_between_lines_of_text():
    html = render(f"Figures:\n{TABLE}\nas of today")
    assert html.startswith("<p>Figures:</p>\n<table>")
    assert html.endswith("</table>\n<p>as of today</p>\n")


def test_a_cell_has_markup_and_mentions():
    html = render("| who | what |\n|---|---|\n| @bob | **a** `x\\|y` |")
    assert '<td><span class="mention" data-person="7">@bob</span></td>' in html
    assert "<strong>a</strong> <code>x|y</code>" in html


@pytest.mark.parametrize(
    "body", ["a | b", "a | b\nc | d", "a | b\n---", "| a | b |\n|---|", "- a | b\n  c", "a || b\n--", "|\n|", "a\n-|-"]
)
def test_lines_with_bars_are_no_table(body):
    assert "<table" not in render(body)


def test_a_table_with_very_many_cells_is_text():
    rows = tables.MAX_CELLS // 2
    assert "<table" in render("|a|b|\n|-|-|\n" + "|1|2|\n" * (rows - 1))
    assert "<table" not in render("|a|b|\n|-|-|\n" + "|1|2|\n" * rows)
    assert "<table" not in render("|a" * 31 + "|\n" + "|-" * 31 + "|\n")


# --- Tasks

TASKS = "Today:\n- [ ] milk\n- [x] **bread**\n\n> 1. [X] tea\n>    - [ ] green\n\n- no task\n- [ ]\n- [y] a"


def test_items_with_boxes_are_tasks():
    html = render(TASKS)
    assert html.count('<li class="task">') == html.count('<input class="task-box" type="checkbox"') == 4
    assert [bool(found) for found in re.findall(r'data-task="\d" disabled=""( checked="")?', html)] == [
        False,
        True,
        True,
        False,
    ]
    assert "<strong>bread</strong>" in html
    assert "[y] a" in html


def test_the_place_of_each_box_is_known():
    assert [TASKS[at - 1 : at + 2] for at in grammar.tasks_of(TASKS)] == ["[ ]", "[x]", "[X]", "[ ]"]
    strange = "- - [ ] a\n\t[ ] not\n10) [x]  b  \n\n  * [ ]\tc [ ] d"
    assert [strange[at - 1 : at + 2] for at in grammar.tasks_of(strange)] == ["[ ]", "[x]", "[ ]"]
    assert grammar.tasks_of("```\n- [ ] a\n```\n    - [ ] b\n[ ] c\n- \\[ ] d") == []


# --- Spoilers

SPOILER = '<span class="spoiler">{}</span>'


@pytest.mark.parametrize(
    ("body", "piece"),
    [
        ("||Snape||", SPOILER.format("Snape")),
        ("he ||did *it*||!", SPOILER.format("did <em>it</em>")),
        ("**||a||**", f"<strong>{SPOILER.format('a')}</strong>"),
        ("结局||他死了||。", SPOILER.format("他死了")),
        ("||a\nb||", SPOILER.format("a<br>\nb")),
        ("||@bob||", SPOILER.format('<span class="mention" data-person="7">@bob</span>')),
    ],
)
def test_text_between_two_bars_is_a_spoiler(body, piece):
    assert piece in render(body)


@pytest.mark.parametrize(
    "body", ["a || b || c", "if (a||b||c)", "||", "||||", "|| a", "`||a||`", "|a|", "|||a|||", "a||"]
)
def test_other_bars_are_text(body):
    assert "spoiler" not in render(body)


def test_escaped_bars_are_text():
    assert render("\\||a||") == "<p>||a||</p>\n"
    assert render("\\|\\|a\\|\\|") == "<p>||a||</p>\n"


# --- Code


def test_code_of_a_named_language_is_coloured():
    html = render("```python\ndef f():\n    return '<b>'\n```")
    assert '<pre><code class="language-python" data-language="Python">' in html
    assert '<span class="k">def</span> <span class="nf">f</span>():' in html
    assert "<span class=\"s1\">'&lt;b&gt;'</span>" in html


@pytest.mark.parametrize(
    ("word", "name"),
    [("py", "Python"), ("JS", "JavaScript"), ("c++", "C++"), ("sh", "Bash"), ("yml", "YAML"), ("diff", "Diff")],
)
def test_languages_are_known_by_their_aliases_in_any_case(word, name):
    assert f'data-language="{name}"' in render(f"```{word}\nx = 1\n```")


@pytest.mark.parametrize("word", ["", "nonsense", "text", "guess", "*", "brainfuck"])
def test_the_language_is_never_guessed(word):
    html = render(f"```{word}\nimport os\ndef f(): return 1\n```")
    assert "<span" not in html
    assert "data-language" not in html


@pytest.mark.parametrize("language", sorted(highlighting.LANGUAGES))
def test_colours_change_no_character(language):
    code = "#!/bin/x\n<a b='c'>&amp;\t$x = \"y\\n\" # z\n\n/* é 佐 */ 1.5e3 {{ x }} <% y %>\n\n  end"
    html = render(f"```{language}\n{code}\n```")
    shown = re.sub("<[^>]*>", "", html).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert shown == f"{code}\n\n"


def test_code_with_very_many_colours_is_plain_from_some_place_on(monkeypatch):
    monkeypatch.setattr(highlighting, "LEXING_S", 10)
    html = text.render("```py\n" + "1 + 2\n" * 1300 + "```").html
    assert html.count("<span") == highlighting.MAX_SPANS
    assert html.count("1") == 1300


def test_code_that_takes_very_long_is_plain_from_some_place_on(monkeypatch):
    monkeypatch.setattr(highlighting, "LEXING_S", 0)
    html = render("```py\nimport a\n```\n\n```py\nimport b\n```")
    assert "<span" not in html
    assert "import a\n</code>" in html
    assert "import b\n</code>" in html


# --- Emoji


@pytest.mark.parametrize(
    ("body", "html"),
    [
        (":tada: done", "<p>🎉 done</p>\n"),
        ("done :+1::TADA:", "<p>done 👍🎉</p>\n"),
        ("好:tada:好", "<p>好🎉好</p>\n"),
        ("**:heart:**", "<p><strong>❤️</strong></p>\n"),
        ("12:30:45", "<p>12:30:45</p>\n"),
        ("a:tada:", "<p>a:tada:</p>\n"),
        (":no_such_name:", "<p>:no_such_name:</p>\n"),
        ("`:tada:`", "<p><code>:tada:</code></p>\n"),
        ("\\:tada: a", "<p>:tada: a</p>\n"),
        ("Note: this: that", "<p>Note: this: that</p>\n"),
    ],
)
def test_names_between_colons_are_emoji(body, html):
    assert render(body) == html


def test_a_custom_emoji_is_a_picture():
    html = render("ship it :shipit: :tada:", emoji={"shipit": "/emoji/shipit.png"})
    assert '<img class="emoji" src="/emoji/shipit.png" alt=":shipit:" title=":shipit:"> 🎉' in html


def test_a_skin_tone_may_follow_the_name_of_an_emoji():
    assert render("Hi :wave::skin-tone-3: :+1::skin-tone-6:") == "<p>Hi 👋🏼 👍🏿</p>\n"
    # Slack counts from 2; what has no skin keeps the words.
    assert render("a :wave::skin-tone-1: b :tea::skin-tone-2:") == "<p>a 👋:skin-tone-1: b 🍵:skin-tone-2:</p>\n"
    assert references.emoji_candidates(":shipit::skin-tone-3:") == {"shipit"}


@pytest.mark.parametrize("body", ["🎉", "👍🏽 ❤️", ":tada: :+1:", "🇫🇷\n👨‍👩‍👧", "1️⃣", "🎉" * only_emoji.MAX_LARGE])
def test_a_message_of_emoji_alone_is_large(body):
    assert render(body).startswith('<p class="only-emoji">')


@pytest.mark.parametrize(
    "body", ["🎉!", "a 🎉", "> 🎉", "- 🎉", "1", "©", "🎉" * (only_emoji.MAX_LARGE + 1), "🎉\n\n🎉"]
)
def test_emoji_beside_other_things_are_not_large(body):
    assert "only-emoji" not in render(body)


def test_a_custom_emoji_alone_is_large():
    assert 'class="only-emoji"><img ' in render(":shipit:", emoji={"shipit": "/emoji/shipit.png"})


# --- Rooms


@pytest.mark.parametrize(
    "body", ["#design", "see #Design.", "(#design)", "请看#design吧", "**#design**", "#q-and-a, #design"]
)
def test_the_name_of_a_known_room_is_a_link(body):
    html = render(body, rooms=ROOMS)
    assert '<a class="room-mention" href="/rooms/design/" data-room="design" ' in html


@pytest.mark.parametrize(
    "body", ["#other", "#15", "a#design", "##design", "#designer", "#design_x", "`#design`", "&#design", "\\#design"]
)
def test_other_words_behind_a_number_sign_are_text(body):
    assert "<a" not in render(body, rooms=ROOMS)


def test_the_rooms_of_a_message_are_told():
    assert grammar.render("#design @bob #q-and-a #design", {"bob": 7}, ROOMS).named == ["#design", 7, "#q-and-a"]


# --- Times


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-11-26T18:00+01:00", "2026-11-26T17:00Z"),
        ("2026-11-26T18:00Z", "2026-11-26T18:00Z"),
        ("2026-11-26 18:00:30-0330", "2026-11-26T21:30Z"),
    ],
)
def test_a_moment_is_marked_for_each_readers_zone(typed, moment):
    assert f'<time datetime="{moment}">' in render(f"at <time:{typed}>")


@pytest.mark.parametrize("typed", ["2026-11-26T18:00", "2026-13-01T00:00Z", "0001-01-01T00:00+01:00", "soon", "18:00Z"])
def test_a_text_that_is_no_moment_stays(typed):
    html = render(f"at <time:{typed}>")
    assert "<time" not in html
    assert f"&lt;time:{typed}&gt;" in html


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("/me waves", "waves"),
        ("/me  is **glad**\nand waves", "is <strong>glad</strong><br>\nand waves"),
        ("/me https://example.org", '<a href="https://example.org"'),
    ],
)
def test_what_an_author_does_is_marked_without_its_command(body, shown):
    html = render(body)
    assert html.startswith(f'<p class="action">{shown}')
    assert excerpt(html).startswith(shown.partition("<")[0])


@pytest.mark.parametrize(
    "body",
    ["/me", "/menu", "/me\nwaves", "/ME waves", "\\/me waves", "/me waves\n\nand goes", "- /me waves", "a /me waves"],
)
def test_other_texts_are_no_actions(body):
    assert "action" not in render(body)
