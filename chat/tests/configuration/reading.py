"""project/settings.py, read with an environment of the test's own."""

import json
import os
import runpy
import tempfile
from pathlib import Path
from unittest import mock

from chat.tests.services.environment import ROOT, SETTINGS, environment

SHARED = ROOT.parent / "shared" / "cases" / "faults" / "environment.json"


def pairs(*assignments: str) -> dict[str, str]:
    """`NAME=value` texts as a dictionary."""
    return dict(assignment.split("=", 1) for assignment in assignments)


def read_settings(**variables: str) -> dict:
    """The settings with these variables and no others. Raises BadSetting."""
    with tempfile.TemporaryDirectory() as folder:
        variables = {"VAR_DIR": folder, "SECRET_KEY": "of-a-test"} | variables
        with mock.patch.dict(os.environ, environment(**variables), clear=True):
            return runpy.run_path(str(SETTINGS))


def shared_cases(key: str) -> list[str]:
    """Cases that other projects use too; none where their folder is missing."""
    return json.loads(SHARED.read_text())[key] if SHARED.exists() else []


def documented() -> dict[str, list[str]]:
    """The rows of the table of all settings in docs/operating.md: variable → default, what it wants, meaning."""
    text = (Path(ROOT) / "docs" / "operating.md").read_text().partition("## All settings")[2]
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line[:2] == "| "]
    return {row[0].strip(" `"): row[1:] for row in rows if row[0].startswith("`")}
