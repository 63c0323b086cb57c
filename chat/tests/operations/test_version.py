"""The version is defined once, in `project`."""

import subprocess
import sys

from chat.tests.services.environment import ROOT
from project import __version__


def test_manage_version_prints_the_version_of_parley():
    result = subprocess.run(
        [sys.executable, "manage.py", "version"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert result.stdout == f"Parley {__version__}\n"
