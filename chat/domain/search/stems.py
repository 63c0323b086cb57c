"""The stems of words, by Snowball's algorithms: a search for “deploying” also finds “deploys”."""

import threading
from functools import cache, lru_cache
from typing import Any

import snowballstemmer
from django.conf import settings

from .normalise import fold

ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""By the tag of the language. Others have no stems: their words are found as they are written."""
_SHORTEST = 3
_lock = threading.Lock()


def languages() -> tuple[str, ...]:
    """The tags of the languages whose words have stems on this site."""
    return tuple(tag for tag in settings.SEARCH_LANGUAGES if tag in ALGORITHMS)


@lru_cache(maxsize=32_768)
def stems_of(word: str) -> tuple[str, ...]:
    """The stems of a word without case but with accents, in all languages of the site, without accents. Rarely two."""
    if len(word) < _SHORTEST or not word.isalpha():
        return ()
    # A stemmer holds the word that it works on.
    with _lock:
        found = {fold(stemmer.stemWord(word)) for stemmer in _stemmers()}
    return tuple(sorted(stem for stem in found if stem))


@cache
def _stemmers() -> list[Any]:
    return [snowballstemmer.stemmer(ALGORITHMS[tag]) for tag in languages()]
