#!/usr/bin/env python
"""Django's command line for this site."""

import os
import sys

from django.core.management import execute_from_command_line

from project import __version__
from project.configuration.environment import BadSetting
from project.configuration.startup import exit_with_line

if __name__ == "__main__":
    if sys.argv[1:] == ["version"]:
        # Django answers `version` itself, with its own version, before it looks for commands of apps.
        print(f"Parley {__version__}")
        sys.exit()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    try:
        execute_from_command_line(sys.argv)
    except BadSetting as error:
        exit_with_line(str(error))
