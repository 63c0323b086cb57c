"""Fixtures for all tests: services and started sites.

`site` and `site_postgres_redis` are started once for each pytest process, and have no limit on how fast a user may
post. A test that stops or breaks something, or tests a limit, starts a site of its own by `make_site`.
"""

import gc
from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections

from chat.tests import emptying
from chat.tests.kinds import Kinds
from chat.tests.order import begin_with_longest
from chat.tests.services import Bucket, Postgres, Redis, Site
from chat.tests.services.prepared import BARE, Prepared

# No deadline for an example: tests run in parallel, so its duration varies. With CI set, hypothesis's own profile for
# CI is active, and this one inherits its other settings: the same examples each time.
hypothesis.settings.register_profile("parley", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("parley")

UNLIMITED = {"CHAT_POST_RATE": 0, "GUEST_RATE": 0}
LOG_TAIL_LINES = 60

_sites: list[Site] = []
_log_sizes: dict[Site, dict[str, int]] = {}


# --- Services


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Prepared:
    """Databases and static files that were made once, for new sites to copy."""
    base = tmp_path_factory.getbasetemp()
    # Under xdist each worker has a folder of its own within that of the run.
    shared = (base.parent if base.name.startswith("popen-") else base) / "prepared"
    shared.mkdir(exist_ok=True)
    return Prepared(shared)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory) -> Iterator[Redis]:
    """This pytest process's Redis. A test that stops it starts one of its own instead."""
    with Redis(tmp_path_factory.mktemp("redis")) as redis:
        yield redis


@pytest.fixture
def redis_url(redis_server) -> str:
    """An empty database of a running Redis."""
    return redis_server.new_url()


@pytest.fixture(scope="session")
def postgres_server(prepared) -> Iterator[Postgres]:
    """This pytest process's PostgreSQL. A test that stops it starts one of its own instead."""
    postgres = Postgres(settings.POSTGRES_PORT, copy_of=prepared.cluster())
    try:
        yield postgres.start()
    finally:
        postgres.remove()


@pytest.fixture
def postgres_url(postgres_server) -> str:
    """An empty database of a running PostgreSQL."""
    return postgres_server.new_url()


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, prepared):
    """The database of the tests of this pytest process: a copy of one that was migrated once for the whole run."""
    if settings.POSTGRES_PORT:
        postgres = request.getfixturevalue("postgres_server")
        name = postgres.new_url(BARE).rpartition("/")[2]
    else:
        name = settings.VAR_DIR / "tests.sqlite3"
        prepared.sqlite_file(name)
    with django_db_blocker.unblock():
        connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = str(name)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        if settings.POSTGRES_PORT:
            connection.close_pool()


@pytest.fixture(scope="session", autouse=True)
def flush_of_all_tables():
    """Let a test that commits empty all tables at its end."""
    emptying.install()


@pytest.fixture(autouse=True)
def empty_cache():
    """Each test has a cache of its own: the throttle counts by the keys of people, which later tests use again."""
    cache.clear()


# --- Sites


@pytest.fixture(scope="session")
def new_site(request, tmp_path_factory, prepared):
    """Function that makes a site's folder and database and starts nothing; see `make_site` for what it takes."""

    def new(*, workers=1, postgres=None, redis=None, with_users=True, **variables) -> Site:
        folder = tmp_path_factory.mktemp("site")
        if postgres is True:
            postgres = request.getfixturevalue("postgres_server")
        if redis is True:
            redis = request.getfixturevalue("redis_server")
        prepared.static_files(folder)
        if postgres:
            variables["DATABASE_URL"] = prepared.postgresql(postgres, folder, with_users=with_users)
        else:
            prepared.sqlite(folder, with_users=with_users)
        if redis:
            variables["REDIS_URL"] = redis.new_url()
        site = Site(folder, workers=workers, **variables)
        _sites.append(site)
        return site

    return new


@pytest.fixture
def make_site(new_site):
    """Function that starts a site for this test alone.

    `workers`: how many processes; `postgres`, `redis`: True for the shared ones, or a Postgres or Redis of the test's
    own (default: SQLite, and the layer in memory); `with_users`: set up, with the usual users, else migrated only; and
    variables of the environment, such as `MAX_CONNECTIONS=5`.
    """
    mine = []

    def make(**options) -> Site:
        mine.append(new_site(**options))
        return mine[-1].start()

    yield make
    for site in mine:
        site.stop()


@pytest.fixture
def fresh_site(make_site) -> Site:
    """A site for this test alone, on SQLite, set up, with the usual users."""
    return make_site(**UNLIMITED)


@pytest.fixture(scope="session")
def site(new_site) -> Iterator[Site]:
    """A site that all tests of this pytest process share: SQLite and one worker, set up, with the usual users.

    A test that writes takes a room of its own (`site.add_room()`).
    """
    yield from _running(new_site(**UNLIMITED))


@pytest.fixture(scope="session")
def site_postgres_redis(new_site) -> Iterator[Site]:
    """Like `site`, on PostgreSQL and Redis and with two workers."""
    yield from _running(new_site(workers=2, postgres=True, redis=True, **UNLIMITED))


@pytest.fixture(scope="module")
def bucket(tmp_path_factory) -> Iterator[Bucket]:
    """A server of S3 with a bucket for files."""
    with Bucket(tmp_path_factory.mktemp("bucket")) as bucket:
        yield bucket


@pytest.fixture(scope="module")
def site_with_bucket(bucket, new_site) -> Iterator[Site]:
    """A site whose files are in `bucket`, and one worker that also runs the jobs."""
    yield from _running(new_site(STORAGE_URL=bucket.url, CHAT_POST_RATE=0))


def _running(site: Site) -> Iterator[Site]:
    try:
        yield site.start()
    finally:
        site.stop()


# --- Kinds of tests, and their order


def pytest_configure(config):
    """Register the hooks of `Kinds`: a conftest can have each hook only once."""
    config.pluginmanager.register(Kinds())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Put the longest first."""
    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    if processes > 1:
        items[:] = begin_with_longest(items, processes)


def pytest_collection_finish(session):
    """Leave out the thousands of collected tests, and all modules, when Python looks for garbage."""
    gc.freeze()


# --- Logs: a test fails when its site logs an error, and the report of a failed test shows what its site logged


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_setup(item):
    """Remember how long the log of each site is."""
    _log_sizes.clear()
    _log_sizes.update({site: site.log_sizes() for site in _sites})
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item):
    """Fail a test during which a site logged an error, unless it is marked `log_may_show`."""
    result = yield
    marker = item.get_closest_marker("log_may_show")
    for site in list(_sites):
        errors = site.errors_logged(_log_sizes.get(site, {}), ignore=marker.args[0] if marker else None)
        if not any(worker.running for worker in site.workers):
            _sites.remove(site)
        if errors:
            pytest.fail(f"The site logged an error:\n{errors}", pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Add the end of the log of each site to the report of a failed test."""
    report = yield
    if report.failed:
        for site in _sites:
            lines = site.log_since(_log_sizes.get(site, {})).splitlines()
            report.sections.append((site.folder.name, "\n".join(lines[-LOG_TAIL_LINES:])))
    return report
