"""`manage.py doctor URL`: checks the WebSockets of a site from outside, through its proxy."""

import argparse
import asyncio
import ipaddress
import math
import ssl
import sys
from dataclasses import replace
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chat.doctor.checks import CHECKS, run
from chat.doctor.examination import IDLE_S, Examination
from chat.doctor.results import Outcome
from chat.doctor.target import BadAddress, Target, tls_context

MAX_IDLE_S = 24 * 3600
COLUMN = max(map(len, CHECKS)) + 2


def idle_seconds(text: str) -> float:
    """Read the value of `--idle`. Raises ArgumentTypeError."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    # Comparisons with nan are false.
    if not 0 < seconds <= MAX_IDLE_S:
        raise argparse.ArgumentTypeError(
            _("%(text)r is not a number of seconds above 0 and up to %(most)s.") % {"text": text, "most": MAX_IDLE_S}
        )
    return seconds


def ip_address(text: str) -> str:
    """Read the value of `--address`. Raises ArgumentTypeError."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("%(text)r is not an IP address, such as 192.0.2.7 or 2001:db8::7.") % {"text": text}
        ) from None
    return text


class Command(BaseCommand):
    """Runs the checks of `chat.doctor`; prints a line for each. Exit code 1 when one has failed."""

    help = _("Check the WebSockets of a site from outside: what works, what does not, and what to change.")
    requires_system_checks = []

    def add_arguments(self, parser):
        """URL, --idle, --ca, --address."""
        parser.add_argument("url", help=_("the address of the site, such as https://chat.example.com"))
        parser.add_argument(
            "--idle",
            type=idle_seconds,
            default=IDLE_S,
            metavar="SECONDS",
            help=_("how long to keep a quiet socket (default: %(default)s)"),
        )
        parser.add_argument("--ca", type=Path, metavar="FILE", help=_("trust the certificates in this file, too"))

        parser.add_argument(
            "--address",
            type=ip_address,
            metavar="IP",
            help=_("connect here instead of looking up the name"),
        )

    def handle(self, *, url, idle, ca, address, **options):
        """Run all checks."""
        try:
            target, context = replace(Target.parse(url), address=address or ""), tls_context(ca)
        except (BadAddress, OSError, ssl.SSLError) as error:
            raise CommandError(error) from None
        if not asyncio.run(self._examine(Examination(target, context, idle))):
            sys.exit(1)

    async def _examine(self, examination: Examination) -> bool:
        self.stdout.write(f"{examination.target.origin}{examination.target.path}")
        styles = {Outcome.OK: self.style.SUCCESS, Outcome.WARNING: self.style.WARNING, Outcome.FAILED: self.style.ERROR}
        failures = checked = 0
        async for name, result in run(examination):
            checked += 1
            failures += result.outcome is Outcome.FAILED
            outcome = styles.get(result.outcome, str)(f"{result.outcome:<8}")
            self.stdout.write(f"{outcome} {name:<{COLUMN}}{result.sentence}")
            if result.advice:
                self.stdout.write(f"{'':<{9 + COLUMN}}{result.advice}")
        if checked < len(CHECKS):
            self.stdout.write(f"The other {len(CHECKS) - checked} checks need this one, and were not run.")
        return not failures
