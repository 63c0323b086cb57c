"""The kinds of tests, as marks: which of them `make check`, `make test` and the stage on PostgreSQL run."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
STARTED = {"new_site", "redis_server", "postgres_server"}
"""Fixtures that start processes, directly or through other fixtures."""
OF_DATABASE = {"db", "transactional_db"}
DIFFERENT = ("dispatch", "jobs", "models", "domain/backup", "domain/search")
"""Folders of tests of what can differ between databases: locks, constraints, SQL of our own, the search, the queue."""


class Kinds:
    """Marks tests before pytest chooses those of `-m`."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        """Mark tests that start a server as `starts_servers`, and those of them that are not `core` as `extended`.

        `make test` leaves out what is `extended`, and `make check` what starts servers or uses the database. Of a
        core test by mouse and by touch, the one by touch is extended: what only a phone has, has tests of its own.
        """
        for item in items:
            _mark_use_of_database(item)
            if STARTED & set(getattr(item, "fixturenames", ())):
                item.add_marker("starts_servers")
                by_touch = hasattr(item, "callspec") and item.callspec.params.get("hand") == "touch"
                if by_touch or not item.get_closest_marker("core"):
                    item.add_marker("extended")


def _mark_use_of_database(item) -> None:
    marker = item.get_closest_marker("django_db")
    fixtures = OF_DATABASE & set(getattr(item, "fixturenames", ()))
    if not (marker or fixtures):
        return
    item.add_marker("uses_database")
    commits = "transactional_db" in fixtures or (marker and marker.kwargs.get("transaction"))
    folder = item.path.parent.relative_to(TESTS).as_posix()
    if commits or folder.startswith(DIFFERENT):
        item.add_marker("databases_differ")
