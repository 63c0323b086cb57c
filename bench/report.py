"""The table: each target with what was measured, beside the peers, and whether it is met."""

from dataclasses import asdict, dataclass, field

PARLEY = "Parley"


@dataclass
class Line:
    """One target. `figures`: who and what was measured; `checks`: a sentence and whether it holds.

    `complaints` are reasons why a run behind it does not count: then the line has no verdict.
    """

    what: str
    target: str
    figures: list[tuple[str, str]] = field(default_factory=list)
    checks: list[tuple[str, bool]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    data: dict = field(default_factory=dict)

    def figure(self, who: str, text: str, **data) -> None:
        """Note what was measured of whom; `data` are the same figures for programs."""
        self.figures.append((who, text))
        self.data.setdefault(who, {}).update(data)

    def check(self, sentence: str, holds: bool) -> None:
        """Note whether a part of the target is met; `sentence` has the numbers."""
        self.checks.append((sentence, bool(holds)))

    @property
    def verdict(self) -> str:
        """`met`, `not met`, or that the runs do not count."""
        if self.complaints:
            return "does not count"
        return "met" if self.checks and all(holds for _, holds in self.checks) else "not met"

    def as_text(self) -> str:
        """For the terminal."""
        out = [f"{self.verdict.upper():<8} {self.what}", f"         target: {self.target}"]
        out += [f"         {who:<42} {text}" for who, text in self.figures]
        out += [f"         {'✓' if holds else '✗'} {sentence}" for sentence, holds in self.checks]
        out += [f"         does not count: {complaint}" for complaint in dict.fromkeys(self.complaints)]
        return "\n".join(out)

    def as_markdown(self) -> str:
        """A row of the table in README.md."""
        figures = "<br>".join(f"{who}: {text}" for who, text in self.figures)
        checks = "<br>".join(f"{sentence}: {'met' if holds else '**not met**'}" for sentence, holds in self.checks)
        verdict = f"does not count: {'; '.join(dict.fromkeys(self.complaints))}" if self.complaints else checks
        return f"| {self.what} | {self.target} | {figures} | {verdict} |"

    def as_data(self) -> dict:
        """For JSON."""
        return asdict(self) | {"verdict": self.verdict}


def markdown(lines: list[Line]) -> str:
    """The table as README.md has it."""
    rows = [line.as_markdown() for line in lines]
    return "\n".join(["| what | target | measured | verdict |", "|---|---|---|---|", *rows])


def spread(figures: list[float], digits: int = 1) -> str:
    """`median (least–most)`, or the one figure."""
    from statistics import median

    middle = f"{median(figures):,.{digits}f}"
    if len(figures) < 2:
        return middle
    return f"{middle} ({min(figures):,.{digits}f}–{max(figures):,.{digits}f})"
