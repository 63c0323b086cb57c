"""Emoji: their canonical forms, and their names.

The list is data of the page too, so it is in chat/static/chat/emoji. See `make` for how it is made,
LICENSE.txt there for the terms.
"""

from .forms import VARIATION, canonical
from .names import by_name, with_tone

__all__ = ["VARIATION", "by_name", "canonical", "with_tone"]
