"""`manage.py search`: searches all rooms, and builds or checks the index."""

import sys
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import get_current_timezone, localtime

from chat.domain.errors import DomainError
from chat.domain.search import building
from chat.domain.search.find import Hit, find
from chat.domain.search.query import parse

MAX_SHOWN = 20
"""Differences that `--check` prints."""


class Command(BaseCommand):
    """Searches as admins may: in all rooms, without the limits of a reader."""

    help = (
        "Search the messages and files of all rooms, direct rooms included. With --build, build the index again; "
        "with --check, compare it with the messages: the exit code is 1 if they differ."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The words, or one of the two tasks."""
        parser.add_argument("words", nargs="*", help="what to search for, in the language of docs/search.md")
        parser.add_argument("--limit", type=int, default=20, help="messages to print (default: 20)")
        parser.add_argument("--best", action="store_true", help="the best hits first, not the newest")
        task = parser.add_mutually_exclusive_group()
        task.add_argument("--build", action="store_true", help="build the whole index again")
        task.add_argument("--check", action="store_true", help="compare the index with the messages")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if options["build"]:
            self._build()
        elif options["check"]:
            self._check()
        elif options["words"]:
            self._search(" ".join(options["words"]), options["limit"], "best" if options["best"] else "newest")
        else:
            raise CommandError("Give words to search for, --build or --check.")

    def _search(self, text: str, limit: int, order: Any) -> None:
        query = parse(text, now=datetime.now(UTC), zone=get_current_timezone())
        for problem in query.problems:
            self.stderr.write(f"{problem.code}: {text[problem.start : problem.end]}")
        try:
            found = find(query, None, order=order, limit=limit)
        except DomainError as error:
            raise CommandError(str(error.detail)) from error
        for hit in found.hits:
            self._write(hit)
        if not found.hits:
            self.stdout.write("Nothing was found.")
        elif found.next:
            self.stdout.write("There are more: see --limit.")

    def _write(self, hit: Hit) -> None:
        message = hit.message
        author = message.author.get_username() if message.author_id else message.guest_name
        at = localtime(message.created_at)
        self.stdout.write(f"{at:%Y-%m-%d %H:%M}  {message.room.slug}  {author}  #{message.pk}")
        for each in hit.fragments:
            self.stdout.write("    " + " ".join(each.text.split()))

    def _build(self) -> None:
        shown = building.begin()
        while building.is_needed():
            now = building.build_next()
            # Where nobody watches, one line a per cent is enough.
            if sys.stdout.isatty() or now.done * 100 // max(1, now.total) > shown.done * 100 // max(1, now.total):
                shown = now
                self.stdout.write(f"{now.done} of {now.total} messages", ending="\r" if sys.stdout.isatty() else "\n")
                self.stdout.flush()
        self.stdout.write("The index is complete.")

    def _check(self) -> None:
        found = 0
        for found, each in enumerate(building.differences(), 1):
            if found <= MAX_SHOWN:
                part = f", file {each.part}" if each.part else ""
                self.stdout.write(f"{each.kind}: message {each.message}{part}")
        if found:
            raise CommandError(f"{found} documents differ. manage.py search --build writes them again.")
        self.stdout.write("The index is what the messages say.")
