"""Upgrades: the migrations of an invented next version run while workers of this version serve."""

from pathlib import Path

PRESENT = Path(__file__).resolve().parents[2] / "migrations"
NEWEST = max(path.stem for path in PRESENT.glob("[0-9]*.py"))
"""The name of the newest migration of `chat`."""
