"""`python -m chat.tests.chaos --seconds 60 --seed 1`: one run and its table. Exit code 1 if an error was found."""

import argparse
import os
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chat.tests.settings")

from .chaos_run import Plan, run

CUTS_A_SECOND = 4


def main() -> int:
    """Read the arguments, run, print the report."""
    parser = argparse.ArgumentParser(prog="python -m chat.tests.chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="minimum duration (default: 60)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random order of faults (default: 1)")
    parser.add_argument("--clients", type=int, default=100, help="default: 100")
    parser.add_argument("--cuts", type=int, help=f"minimum number of cuts (default: {CUTS_A_SECOND} per second)")
    given = parser.parse_args()
    cuts = round(given.seconds * CUTS_A_SECOND) if given.cuts is None else given.cuts
    plan = Plan(seconds=given.seconds, cuts=cuts, clients=given.clients, seed=given.seed)
    folder = Path(tempfile.mkdtemp(prefix="parley-chaos-"))
    report = run(plan, folder, partial(print, file=sys.stderr, flush=True))
    print(f"python -m chat.tests.chaos {' '.join(sys.argv[1:])}\n\n{report}")
    if report.ok:
        shutil.rmtree(folder)
        return 0
    print(f"\n{report.faults()}\n\nThe logs are in {folder}.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
