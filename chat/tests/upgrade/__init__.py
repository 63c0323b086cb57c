"""A version that follows: its migrations run while workers of this one serve."""

from pathlib import Path

PRESENT = Path(__file__).resolve().parents[2] / "migrations"
NEWEST = max(path.stem for path in PRESENT.glob("[0-9]*.py"))
"""The name of the chat's newest migration."""
