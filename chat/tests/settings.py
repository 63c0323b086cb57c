"""The site's settings for code that runs inside the test process; sites that tests start read project/settings.py.

The environment of whoever runs the tests counts for nothing, but for PARLEY_TESTS_ON=postgresql: then the tests that
touch the database do it on a PostgreSQL of their own, not on SQLite.
"""

import os
import tempfile

from chat.tests.services.environment import SITE_VARIABLES, TEST_SECRET_KEY
from chat.tests.services.processes import free_port

for _name in SITE_VARIABLES:
    os.environ.pop(_name, None)
# Kept as an object, so that the folder goes when the process does.
_var_dir = tempfile.TemporaryDirectory(prefix="parley-tests-")
os.environ["VAR_DIR"] = _var_dir.name
os.environ["SECRET_KEY"] = TEST_SECRET_KEY
POSTGRES_PORT = None
if os.environ.get("PARLEY_TESTS_ON") == "postgresql":
    POSTGRES_PORT = free_port()
    os.environ["DATABASE_URL"] = f"postgres://parley@127.0.0.1:{POSTGRES_PORT}/parley"

from project.settings import *  # noqa: E402, F403

# All of a test run comes from one address; tests of the limit put their own.
GUEST_RATE = 0
# The disk of a machine that runs tests may be nearly full.
MIN_FREE_DISK_BYTES = 0
# A slow hash protects passwords; here there are none to protect.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Pages are tested without collecting static files first; sites that tests start do collect them.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
STATIC_ROOT.mkdir()  # noqa: F405  WhiteNoise warns when it is not there.
if POSTGRES_PORT:
    # A test is one transaction, in which the database waits for the test.
    _options = DATABASES["default"]["OPTIONS"]  # noqa: F405
    _options["options"] += " -c idle_in_transaction_session_timeout=60s"
