"""`python -m bench.markdown [--seconds S] [--seed N]`: searches for the messages that take longest to render.

It repeats fragments of markup up to the longest message (8,000 characters): each fragment, each pair, then mutations of
the slowest ones for S seconds. It measures the slowest ones again and prints them. Times are CPU times of this thread.
The limit is 50 ms. The slowest fragments are tests that do not depend on the machine:
`chat/tests/domain/markdown/test_cost.py`.
"""

import argparse
import random
import time

from chat.domain.markdown import grammar, mentions

LENGTH = 8000
POOL = 80
MAX_FRAGMENT = 60
SHOWN = 25
ROOMS = {"a": "/rooms/a/"}
EMOJI = {"x": "/emoji/x.webp"}
NAMES = {mentions.key(name): number for number, name in enumerate(["a", "bob", "佐"], 1)}
ATOMS = [
    *"[]()*_`~<>&\n\t -.+:|/\\'\"1#!@＠「é\u0301🙂",
    *("**", "__", "``", "~~", "![", "](", "\n\n", "    ", "- ", "1. ", "# ", "> ", "```\n", "~~~\n", "---\n", "```x\n"),
    *(
        "y```\n",
        "a",
        "b ",
        "@a",
        "@bob ",
        "@佐",
        "www.a.b",
        "http://a",
        "http://[",
        "a@b.c",
        "<a:",
        "<a@b.c>",
        "[a](/)",
    ),
    *(
        "|",
        "||",
        "||a||",
        "|a|b|\n",
        "|-|-|\n",
        "|a\n-|\n",
        "- [ ] a\n",
        "[x] ",
        ":",
        ":tada:",
        ":x:",
        "#a",
        "\\:",
        "\\|",
    ),
    *("```py\n", "```c\n", "```html\n", "```sql\n", "<time:2026-11-26T18:00Z>", "<time:", "/*", "<!--", "{{", "${"),
    *('[a](b "', "\\*", "\\_", "\\[", "\\\\", "://", "&amp;", "&#1;", "_a_", "*a*", "**a**", "x_y", "x*y"),
]


def cost(fragment: str, tries: int = 1) -> tuple[float, int]:
    """(seconds of CPU, characters of HTML) for the longest message that repeats `fragment`. The minimum of `tries`."""
    body = (fragment * LENGTH)[:LENGTH]
    best = float("inf")
    for _ in range(tries):
        begin = time.thread_time()
        html = grammar.render(body, NAMES, ROOMS, EMOJI).html
        best = min(best, time.thread_time() - begin)
    return best, len(html)


def mutated(pool: list[str], dice: random.Random) -> str:
    """A random mutation of a fragment of `pool`."""
    fragment = dice.choice(pool)
    at = dice.randrange(len(fragment) + 1)
    other = dice.choice([*ATOMS, dice.choice(pool)])
    return (fragment[:at] + other + fragment[at + dice.randint(0, 1) :])[:MAX_FRAGMENT]


def search(seconds: float, seed: int) -> list[str]:
    """The slowest fragments, slowest first."""
    dice = random.Random(seed)
    seen = {fragment: cost(fragment)[0] for fragment in [*ATOMS, *(a + b for a in ATOMS for b in ATOMS)]}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pool = sorted(seen, key=seen.get, reverse=True)[:POOL]
        for fragment in {mutated(pool, dice) for _ in range(POOL)} - seen.keys():
            seen[fragment] = cost(fragment)[0]
    print(f"{len(seen):,} fragments.")
    return sorted(seen, key=seen.get, reverse=True)[: 4 * SHOWN]


def main() -> None:
    """Search, measure the slowest fragments again, print them."""
    parser = argparse.ArgumentParser(prog="python -m bench.markdown", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60, help="how long to search")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    again = {fragment: cost(fragment, tries=5) for fragment in search(asked.seconds, asked.seed)}
    for fragment, (seconds, size) in sorted(again.items(), key=lambda entry: -entry[1][0])[:SHOWN]:
        print(f"{seconds * 1000:7.1f} ms {size:8,} characters {fragment!r}")


if __name__ == "__main__":
    main()
