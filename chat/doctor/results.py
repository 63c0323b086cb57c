"""What a check found, in a sentence, and what to change."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The result of a check. Only FAILED makes the command fail. WARNING: it works, but something should be changed."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class Result:
    """`sentence`: what was found. `advice`: what to change; empty if nothing."""

    outcome: Outcome
    sentence: str
    advice: str = ""


def ok(sentence: str) -> Result:
    """A result with nothing to change."""
    return Result(Outcome.OK, sentence)


def warning(sentence: str, advice: object) -> Result:
    """A result that should be changed, although the chat works."""
    return Result(Outcome.WARNING, sentence, str(advice))


def failed(sentence: str, advice: object) -> Result:
    """A result with which the chat does not work, or is not safe."""
    return Result(Outcome.FAILED, sentence, str(advice))
