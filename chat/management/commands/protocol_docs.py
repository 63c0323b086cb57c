"""`manage.py protocol_docs`: write docs/protocol.md anew, from the code's own commands and shapes."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from chat.management.protocol import render

DOCS = Path(__file__).resolve().parents[3] / "docs"
TEMPLATE, DOCUMENT = DOCS / "protocol.in.md", DOCS / "protocol.md"


class Command(BaseCommand):
    """Write docs/protocol.md; with `--check`, only say whether it is current."""

    help = "Writes docs/protocol.md from docs/protocol.in.md, chat/events/shapes.py and chat/live/commands.py."
    requires_system_checks = []

    def add_arguments(self, parser):
        """`--check` writes nothing, and fails when the document is not current."""
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail when the document is not current."
        )

    def handle(self, *, check: bool, **options):
        """Compare or write."""
        text = render(TEMPLATE.read_text())
        current = DOCUMENT.exists() and DOCUMENT.read_text() == text
        if check and not current:
            raise CommandError("docs/protocol.md is not current: run manage.py protocol_docs.")
        if not current:
            DOCUMENT.write_text(text)
        self.stdout.write("docs/protocol.md is current." if current else "Wrote docs/protocol.md.")
