"""The table: each target with the figures of Parley and the peers, and whether the target is met."""

from dataclasses import asdict, dataclass, field

PARLEY = "Parley"


@dataclass
class Line:
    """One target. `figures`: (contender, figure); `checks`: (sentence, whether it holds).

    `problems` are reasons why a run is invalid. A line with problems has no verdict.
    """

    what: str
    target: str
    figures: list[tuple[str, str]] = field(default_factory=list)
    checks: list[tuple[str, bool]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    data: dict = field(default_factory=dict)

    def figure(self, who: str, text: str, **data) -> None:
        """Add a figure of a contender. `data` are the same figures for programs."""
        self.figures.append((who, text))
        self.data.setdefault(who, {}).update(data)

    def check(self, sentence: str, holds: bool) -> None:
        """Add whether a part of the target is met. `sentence` contains the numbers."""
        self.checks.append((sentence, bool(holds)))

    @property
    def verdict(self) -> str:
        """`met`, `not met` or `invalid`."""
        if self.problems:
            return "invalid"
        return "met" if self.checks and all(holds for _, holds in self.checks) else "not met"

    def as_text(self) -> str:
        """Text for the terminal."""
        out = [f"{self.verdict.upper():<8} {self.what}", f"         target: {self.target}"]
        out += [f"         {who:<42} {text}" for who, text in self.figures]
        out += [f"         {'✓' if holds else '✗'} {sentence}" for sentence, holds in self.checks]
        out += [f"         invalid: {problem}" for problem in dict.fromkeys(self.problems)]
        return "\n".join(out)

    def as_markdown(self) -> str:
        """A heading, the target with its checks, and a table with one row per contender, as in README.md."""
        checks = "; ".join(f"{sentence}: {'met' if holds else '**not met**'}" for sentence, holds in self.checks)
        result = f"invalid: {'; '.join(dict.fromkeys(self.problems))}" if self.problems else checks
        rows = "\n".join(f"| {who} | {text} |" for who, text in self.figures)
        return f"### {self.what}\n\nTarget: {self.target}. {result}.\n\n| contender | measured |\n|---|---|\n{rows}"

    def as_data(self) -> dict:
        """A dict for JSON."""
        return asdict(self) | {"verdict": self.verdict}


def markdown(lines: list[Line]) -> str:
    """The lines in Markdown, as in README.md."""
    return "\n\n".join(line.as_markdown() for line in lines)


def format_median(figures: list[float], digits: int = 1) -> str:
    """`median (minimum–maximum)`, or the figure if there is only one."""
    from statistics import median

    middle = f"{median(figures):,.{digits}f}"
    if len(figures) < 2:
        return middle
    return f"{middle} ({min(figures):,.{digits}f}–{max(figures):,.{digits}f})"
