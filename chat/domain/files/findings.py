"""What the examination of a file finds, and how it refuses one."""

from dataclasses import asdict, dataclass, field
from typing import Any, Self

REFUSALS = frozenset({"damaged", "too_many_pixels", "too_many_frames", "infected", "not_scanned"})
"""The codes of reasons. The pages have a sentence for each."""


class Refused(Exception):
    """A file that nobody should get. `code`: one of REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Findings:
    """Of one file: its type, and what is known of its content; None for what it does not have.

    `made` are the kinds of files that were made of it (see `attachments.KINDS`). `has_original`: a form of the file
    without personal data was written, and replaces it.
    """

    type: str
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    lines: int | None = None
    made: list[str] = field(default_factory=list)
    has_original: bool = False

    def as_json(self) -> dict[str, Any]:
        """A dictionary of JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The findings that `as_json` wrote."""
        return cls(**values)
