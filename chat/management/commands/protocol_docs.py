"""`manage.py protocol_docs`: write what is generated from the schemas of the protocol."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from chat.management import protocol, protocol_types

ROOT = Path(__file__).resolve().parents[3]
TEMPLATE = ROOT / "docs" / "protocol.in.md"
DOCUMENT = ROOT / "docs" / "protocol.md"
TYPES = ROOT / "chat" / "static" / "chat" / "wire.d.ts"


class Command(BaseCommand):
    """Write docs/protocol.md and chat/static/chat/wire.d.ts; with `--check`, only report whether they are current."""

    help = "Writes docs/protocol.md and chat/static/chat/wire.d.ts from the schemas in chat/protocol."
    requires_system_checks = []

    def add_arguments(self, parser):
        """`--check` writes nothing, and fails when a file is not current."""
        parser.add_argument("--check", action="store_true", help="Write nothing; fail when a file is not current.")

    def handle(self, *, check: bool, **options):
        """Compare or write the files. Raises CommandError when `--check` finds one that is not current."""
        self._update(DOCUMENT, protocol.render(TEMPLATE.read_text()), check)
        self._update(TYPES, protocol_types.render(), check)

    def _update(self, path: Path, text: str, check: bool) -> None:
        is_current = path.exists() and path.read_text() == text
        if check and not is_current:
            raise CommandError(f"{path.name} is not current: run manage.py protocol_docs.")
        if not is_current:
            path.write_text(text)
        self.stdout.write(f"{path.name} is current." if is_current else f"Wrote {path.name}.")
