"""The kinds of tests, as marks: which of them `make check`, `make test` and the stage on PostgreSQL run."""

from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
STARTED = {"new_site", "redis_server", "postgres_server"}
"""Fixtures that start processes, directly or through other fixtures."""
OF_DATABASE = {"db", "transactional_db"}
DIFFERENT = ("dispatch", "jobs", "models", "domain/backup", "domain/search")
"""Folders of tests of what can differ between databases: locks, constraints, SQL of our own, the search, the queue."""


COMMIT = ("transaction=True", "transactional_db")
"""What the file of a test that commits has in its text."""


class Kinds:
    """Marks tests before pytest chooses those of `-m`."""

    def pytest_ignore_collect(self, collection_path, config):
        """Do not even read the files that have none of the tests that differ, when only those are wanted."""
        if config.option.markexpr.startswith("databases_differ and ") and collection_path.name.startswith("test_"):
            return None if _may_differ(collection_path) else True
        return None

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
    if commits or _is_different(item.path):
        item.add_marker("databases_differ")
        if not _may_differ(item.path):
            raise pytest.UsageError(f"{item.nodeid} commits, and its file has none of {COMMIT}, so nobody finds it.")


def _is_different(path: Path) -> bool:
    return path.parent.relative_to(TESTS).as_posix().startswith(DIFFERENT)


@cache
def _may_differ(path: Path) -> bool:
    """Whether the file has tests that are marked `databases_differ`."""
    return _is_different(path) or any(word in path.read_text() for word in COMMIT)
