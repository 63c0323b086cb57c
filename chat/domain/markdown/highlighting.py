"""Code blocks: Pygments colours the language that the author names, by classes of the style sheet (`code.css`).

The language is never guessed. A lexer takes about 1 to 5 µs a character, and far longer for a text that was made for
that. So a message has a Budget, which is checked after each token. Within a token nothing can stop a lexer: LANGUAGES
leaves out those that were found to take long there (matlab, pug).
"""

import time
from functools import cache
from html import escape

from markdown_it.common.utils import unescapeAll
from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import STANDARD_TYPES, _TokenType

LEXING_S = 0.025
"""Limit of CPU time for the lexers of a message; the rest of the code is plain."""
MAX_LINE = 500
"""A block with a longer line is plain: the time of some patterns grows with the square of a line's length."""
MAX_SPANS = 1500
"""Limit of coloured parts in a message, which would make its HTML many times as long as its text."""

LANGUAGES = frozenset(
    "abap actionscript ada apacheconf applescript arduino awk bash batch bibtex c clojure cmake cobol"
    " coffeescript common-lisp console cpp csharp css cuda cython d dart delphi diff django docker ebnf elixir elm"
    " emacs-lisp erb erlang fish fortran fsharp gdscript gherkin gleam glsl go graphql groovy haml haskell hlsl"
    " html http ini java javascript json json5 jsonnet jsx julia kotlin lean less llvm lua make markdown"
    " mathematica mysql nasm nginx nimrod nixos objective-c ocaml octave openscad perl php plpgsql postgresql"
    " powershell prolog properties protobuf puppet pycon python python2 qbasic qml racket registry"
    " restructuredtext robotframework ruby rust sass scala scheme scss smalltalk solidity sparql splus sql sqlite3"
    " swift systemd systemverilog tcl tcsh terraform tex toml tsx twig typescript typst vb.net vbscript verilog"
    " vhdl vim vue wast wgsl xml xquery xslt yaml zig".split()
)
"""The first alias of each lexer in Pygments that is used; its other aliases are known, too."""

# The classes that code.css has. Other tokens have the colour of the text, and need no span.
_COLOURED = frozenset(
    "k kc kd kn kp kr kt ow nt nf nc nd fm na ne s s1 s2 sa sb sc sd se sh si sr ss sx dl m mi mf mh mo mb il nb bp c"
    " c1 cm ch cs cp cpf gi gd gh gu err".split()
)


class Budget:
    """What the code blocks of one message may still use."""

    def __init__(self) -> None:
        self.seconds = LEXING_S
        self.spans = MAX_SPANS


def to_html(code: str, language: str, budget: Budget) -> str:
    """The HTML of a code block; `language` as the author wrote it, or "". `data-language` has its name for readers."""
    language = unescapeAll(language).strip()
    if not language:
        return f"<pre><code>{escape(code, quote=False)}</code></pre>\n"
    lexer = _lexer(language.lower())
    html = _coloured(code, lexer, budget) if lexer else escape(code, quote=False)
    name = f' data-language="{escape(lexer.name)}"' if lexer else ""
    return f'<pre><code class="language-{escape(language)}"{name}>{html}</code></pre>\n'


def _coloured(code: str, lexer: Lexer, budget: Budget) -> str:
    plain = escape(code, quote=False)
    if any(len(line) > MAX_LINE for line in code.split("\n")):
        return plain
    # Neighbours of one class become one part.
    parts: list[tuple[str, list[str]]] = []
    last, length, begin = "", 0, time.thread_time()
    for kind, text in lexer.get_tokens(code):
        css = _class_of(kind)
        length += len(text)
        is_same = bool(parts) and css == last
        budget.spans -= bool(css) and not is_same
        if budget.spans < 0 or time.thread_time() - begin > budget.seconds:
            parts.append(("", [code[length - len(text) :]]))
            break
        if is_same:
            parts[-1][1].append(text)
        else:
            parts.append((css, [text]))
            last = css
    budget.seconds -= time.thread_time() - begin
    shown = [(css, escape("".join(texts), quote=False)) for css, texts in parts]
    # A lexer that loses a character must not change what people see.
    if "".join([text for _css, text in shown]) != plain:
        return plain
    return "".join([f'<span class="{css}">{text}</span>' if css else text for css, text in shown])


@cache
def _class_of(kind: _TokenType) -> str:
    css = STANDARD_TYPES.get(kind, "")
    return css if css in _COLOURED else ""


def _lexer(language: str) -> Lexer | None:
    """A lexer of LANGUAGES by one of its aliases. Its module is imported at its first use."""
    if language not in _aliases():
        return None
    # A new one: some lexers keep state while they read.
    return get_lexer_by_name(language, stripnl=False, ensurenl=False)


@cache
def _aliases() -> frozenset[str]:
    entries = [aliases for _name, aliases, _files, _types in get_all_lexers(plugins=False)]
    return frozenset(alias for aliases in entries if LANGUAGES.intersection(aliases[:1]) for alias in aliases)
