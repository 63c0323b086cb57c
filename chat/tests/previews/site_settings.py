"""The settings of sites that fetch previews from a foreign site on this machine: TEST_FOREIGN_PORT."""

import os

from project.settings import *  # noqa: F403

PREVIEWS_ALSO_FROM = [("127.0.0.1", int(os.environ["TEST_FOREIGN_PORT"]))]
