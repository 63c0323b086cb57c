"""Reads project/settings.py with an environment that the test chooses."""

import json
import os
import runpy
import tempfile
from unittest import mock

from chat.tests.services.environment import ROOT, SETTINGS, TEST_SECRET_KEY, environment

SHARED = ROOT.parent / "shared" / "cases" / "faults" / "environment.json"


def pairs(*assignments: str) -> dict[str, str]:
    """`NAME=value` texts as a dictionary."""
    return dict(assignment.split("=", 1) for assignment in assignments)


def read_settings(**variables: str) -> dict:
    """The settings with these variables and no others. Raises BadSetting."""
    with tempfile.TemporaryDirectory() as folder:
        variables = {"VAR_DIR": folder, "SECRET_KEY": TEST_SECRET_KEY} | variables
        with mock.patch.dict(os.environ, environment(**variables), clear=True):
            return runpy.run_path(str(SETTINGS))


def shared_cases(key: str) -> list[str]:
    """Test cases that are shared with other projects; none if their folder is missing."""
    return json.loads(SHARED.read_text())[key] if SHARED.exists() else []
