"""`python -m bench.markdown [--seconds S] [--seed N]`: looks for the messages that take longest to render.

It repeats fragments of markup up to the longest message (8,000 characters): each fragment, each pair, then mutations of
the worst ones for S seconds. It prints the worst, each measured again, as CPU of this thread. The limit is 50 ms.
`chat/tests/domain/markdown/test_cost.py` keeps the worst fragments as a test that does not depend on the machine.
"""

import argparse
import random
import time

from chat.domain.markdown import grammar, mentions

LENGTH = 8000
POOL = 80
LONGEST_FRAGMENT = 60
SHOWN = 25
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
    *('[a](b "', "\\*", "\\_", "\\[", "\\\\", "://", "&amp;", "&#1;", "_a_", "*a*", "**a**", "x_y", "x*y"),
]


def cost(fragment: str, tries: int = 1) -> tuple[float, int]:
    """Seconds of CPU and characters of HTML for the longest message that repeats `fragment`: the best of `tries`."""
    body = (fragment * LENGTH)[:LENGTH]
    best = float("inf")
    for _ in range(tries):
        begin = time.thread_time()
        html = grammar.render(body, NAMES).html
        best = min(best, time.thread_time() - begin)
    return best, len(html)


def mutated(pool: list[str], dice: random.Random) -> str:
    """A fragment made from those in `pool`."""
    fragment = dice.choice(pool)
    at = dice.randrange(len(fragment) + 1)
    other = dice.choice([*ATOMS, dice.choice(pool)])
    return (fragment[:at] + other + fragment[at + dice.randint(0, 1) :])[:LONGEST_FRAGMENT]


def search(seconds: float, seed: int) -> list[str]:
    """The fragments that took longest, the worst first."""
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
    """Search, measure the worst again, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.markdown", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60, help="how long to look for worse ones")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    again = {fragment: cost(fragment, tries=5) for fragment in search(asked.seconds, asked.seed)}
    for fragment, (seconds, size) in sorted(again.items(), key=lambda entry: -entry[1][0])[:SHOWN]:
        print(f"{seconds * 1000:7.1f} ms {size:8,} characters {fragment!r}")


if __name__ == "__main__":
    main()
