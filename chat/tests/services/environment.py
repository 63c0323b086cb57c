"""The environment of processes that tests start: that of this process without the settings of a site."""

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = ROOT / "project" / "settings.py"

SITE_VARIABLES = sorted(set(re.findall(r'env\.\w+\(\s*"([A-Z][A-Z_]*)"', SETTINGS.read_text())))
"""Every variable that project/settings.py reads; each may have a file of its own name and `_FILE`."""


def environment(**values) -> dict[str, str]:
    """This process's environment with nothing in it that a site would read, then `values`."""
    kept = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in SITE_VARIABLES}
    kept |= {"DJANGO_SETTINGS_MODULE": "project.settings", "PYTHONUNBUFFERED": "1"}
    return kept | {name: str(value) for name, value in values.items()}


TEST_SECRET_KEY = "a-secret-key-of-tests-only-with-more-than-50-characters"
"""For sites of tests whose database is not SQLite in VAR_DIR: they do not generate a key."""
