"""What a document must contain, as a tree: each database writes it in its own language. Pure."""

from dataclasses import dataclass
from itertools import pairwise

from . import normalise
from .document import STEM
from .query_types import Term
from .stems import stems_of

SHORTEST_PREFIX = 2
"""Characters. A shorter beginning of a word would be found in nearly all documents, so it counts as a word."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that follow each other; one token is a phrase, too. `is_prefix`: the last one may go on."""

    tokens: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """Each part is in the document."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the parts is in the document."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Without:
    """`wanted` is in the document, and `unwanted` is not."""

    wanted: "Expression"
    unwanted: "Expression"


Expression = Phrase | AllOf | AnyOf | Without


def all_of(parts: list[Expression]) -> Expression:
    """All of them, of which there is at least one."""
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def any_of(parts: list[Expression]) -> Expression:
    """At least one of them."""
    different = list(dict.fromkeys(parts))
    return different[0] if len(different) == 1 else AnyOf(tuple(different))


def exact(term: Term) -> Expression | None:
    """A term as it was typed; None if it has no token."""
    words = normalise.words(normalise.compose(term.text))
    if len(words) == 1 and words[0].exact != words[0].folded and not term.is_prefix:
        return Phrase((words[0].exact,))
    return _in_a_row(words, term.is_prefix)


def loose(term: Term) -> Expression | None:
    """A term, and other forms of its word; None if it has no token. Whatever is `exact` is also `loose`."""
    words = normalise.words(normalise.compose(term.text))
    found = _in_a_row(words, term.is_prefix)
    if found is None or len(words) > 1 or term.is_phrase or words[0].is_apart:
        return found
    parts = [found]
    for stem in stems_of(words[0].exact):
        # A word that is its own stem is in the documents without the mark.
        parts += [Phrase((STEM + stem,)), Phrase((stem,))]
    return any_of(parts)


def in_a_row(terms: list[Term]) -> Expression | None:
    """The words of several terms, one after the other; None if that says no more than one term."""
    words = [word for term in terms for word in normalise.words(normalise.compose(term.text))]
    return _in_a_row(words, terms[-1].is_prefix) if len(terms) > 1 and words else None


def _in_a_row(words: list[normalise.Word], is_prefix: bool) -> Expression | None:
    if not words:
        return None
    last = words[-1]
    is_prefix = is_prefix and not last.is_apart and len(last.folded) >= SHORTEST_PREFIX
    tokens = tuple(word.folded for word in words)
    # Pairs are rare, so they are found much faster than their characters.
    pairs = tuple(normalise.pair(first, second) for first, second in pairwise(words) if second.joins)
    if len(words) > 1 and len(pairs) == len(words) - 1:
        return Phrase(pairs)
    return all_of([*map(Phrase, zip(pairs, strict=True)), Phrase(tokens, is_prefix)])
