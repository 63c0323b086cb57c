"""Typed variables of the environment. A value that cannot work raises BadSetting, whose text is one line."""

from __future__ import annotations  # The methods are named like the types.

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from . import kinds
from .kinds import Kind

FILE_SUFFIX = "_FILE"
MAX_FILE_BYTES = 64 * 1024
MAX_SHOWN = 80
"""Characters of a value that an error shows."""


@dataclass(frozen=True)
class Variable:
    """A variable that was read: the values that it takes, in words, and its default."""

    expected: str
    default: Any


class BadSetting(ImproperlyConfigured):
    """A setting's value cannot work. The text is one line with the variable's name and the values that it takes."""

    def __init__(self, name: str, problem: str, expected: str):
        super().__init__(f"{name}: {problem}. Expected: {expected}.")


class Environment:
    """Reads variables. An empty variable counts as not set.

    `X_FILE` names a file to read `X` from; /dev/null means no file, for a container that always mounts one. `known`
    describes each variable that was read, by name: docs/settings.md is generated from it.
    """

    def __init__(self, variables: Mapping[str, str] = os.environ):
        self._variables = variables
        self.known: dict[str, Variable] = {}

    def is_given(self, name: str) -> bool:
        """Whether `name` or `name_FILE` is set."""
        return bool(self._variables.get(name, "").strip() or self._path(name))

    def read(self, name: str, default: Any, kind: Kind) -> Any:
        """The value of `name` as `kind` parses it, or `default` unparsed. Raises BadSetting."""
        self.known[name] = Variable(kind.expected, default)
        text = self._text(name, kind)
        return default if text is None else self._parsed(name, text, kind)

    def str(self, name: str, default: str | None = None, kind: Kind = kinds.TEXT) -> Any:
        """A text, or the result of `kind`. Raises BadSetting."""
        return self.read(name, default, kind)

    def bool(self, name: str, default: bool) -> bool:
        """A switch. Raises BadSetting."""
        return self.read(name, default, kinds.SWITCH)

    def int(self, name: str, default: int, *, low: int = 0, high: int = 10**9) -> int:
        """A whole number. Raises BadSetting."""
        return self.read(name, default, kinds.whole_number(low, high))

    def float(self, name: str, default: float, *, low: float = 0, high: float = 10**9) -> float:
        """A number. Raises BadSetting."""
        return self.read(name, default, kinds.number(low, high))

    def list(self, name: str, default: Iterable = (), kind: Kind = kinds.TEXT) -> list:
        """A list of values, separated by commas or spaces. Raises BadSetting."""
        expected = f"{kind.expected}; several separated by commas or spaces"
        self.known[name] = Variable(expected, [*default])
        text = self._text(name, kind)
        if text is None:
            return [*default]
        return [self._parsed(name, item, kind, expected) for item in text.replace(",", " ").split()]

    def _text(self, name: str, kind: Kind) -> str | None:
        text = self._variables.get(name, "").strip()
        path = self._path(name)
        if text and path:
            raise BadSetting(name, f"it is set, and {name}{FILE_SUFFIX} too", "one of the two")
        if path:
            text = _contents(name + FILE_SUFFIX, path)
            if not text:
                raise BadSetting(name + FILE_SUFFIX, f"{_shown(path)} is empty", kind.expected)
        return text or None

    def _path(self, name: str) -> str:
        path = self._variables.get(name + FILE_SUFFIX, "").strip()
        return "" if _is_null_device(path) else path

    @staticmethod
    def _parsed(name: str, text: str, kind: Kind, expected: str = "") -> Any:
        try:
            if not text.isprintable():
                raise ValueError("control characters")
            return kind.parse(text)
        except ValueError as error:
            shown = "the value" if kind.secret else _shown(text)
            # Without the cause: it could show a part of a secret.
            cause = None if kind.secret else error
            raise BadSetting(name, f"{shown} cannot be used", expected or kind.expected) from cause


def _is_null_device(path: str) -> bool:
    try:
        return os.stat(path).st_rdev == os.stat(os.devnull).st_rdev
    except OSError:
        return False


def _contents(name: str, path: str) -> str:
    expected = "a text file that this user may read"
    try:
        with Path(path).open("rb") as file:
            contents = file.read(MAX_FILE_BYTES + 1)
        if len(contents) > MAX_FILE_BYTES:
            raise BadSetting(name, f"{_shown(path)} is longer than {MAX_FILE_BYTES} bytes", expected)
        return contents.decode().strip()
    except OSError as error:
        raise BadSetting(name, f"{_shown(path)} cannot be read ({error.strerror})", expected) from error
    except ValueError as error:
        raise BadSetting(name, f"{_shown(path)} is not text in UTF-8", expected) from error


def _shown(text: str) -> str:
    return ascii(text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…")
