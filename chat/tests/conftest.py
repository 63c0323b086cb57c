"""What every test may ask for. Started sites live as long as a module's tests; what a test breaks, it starts itself.

`site` and `site_postgres_redis` lift the limit on how fast one person may post; tests of limits ask `make_site` for a
site with limits.
"""

from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings

from chat.tests.services import Postgres, Redis, Site
from chat.tests.services.prepared import Prepared

# How long an example takes says nothing here: the tests run beside each other. With CI set, hypothesis's own profile
# for it is below this one: the same examples each time.
hypothesis.settings.register_profile("parley", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("parley")

UNLIMITED = {"CHAT_POST_RATE": 0, "GUEST_RATE": 0}
LOG_TAIL_LINES = 60

_sites: list[Site] = []
_lengths: dict[Site, dict[str, int]] = {}


# --- Services


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Prepared:
    """Sites to be copied."""
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
def postgres_server() -> Iterator[Postgres]:
    """This pytest process's PostgreSQL. A test that stops it starts one of its own instead."""
    postgres = Postgres(settings.POSTGRES_PORT)
    try:
        yield postgres.start()
    finally:
        postgres.remove()


@pytest.fixture
def postgres_url(postgres_server) -> str:
    """An empty database of a running PostgreSQL."""
    return postgres_server.new_url()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, django_db_modify_db_settings_parallel_suffix):
    """Have PostgreSQL running before pytest-django makes its test database there."""
    if settings.POSTGRES_PORT:
        request.getfixturevalue("postgres_server")


# --- Sites


@pytest.fixture(scope="session")
def new_site(request, tmp_path_factory, prepared):
    """Function that makes a site's folder and database and starts nothing; see `make_site` for what it takes."""

    def new(*, workers=1, postgres=None, redis=None, peopled=True, **variables) -> Site:
        folder = tmp_path_factory.mktemp("site")
        if postgres is True:
            postgres = request.getfixturevalue("postgres_server")
        if redis is True:
            redis = request.getfixturevalue("redis_server")
        prepared.static_files(folder)
        if postgres:
            variables["DATABASE_URL"] = prepared.postgresql(postgres, folder, peopled=peopled)
        else:
            prepared.sqlite(folder, peopled=peopled)
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
    own (default: SQLite, and the layer in memory); `peopled`: set up and with its cast, else migrated only; and
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
    """A site for this test alone, on SQLite, set up and with its cast."""
    return make_site(**UNLIMITED)


@pytest.fixture(scope="module")
def site(new_site) -> Iterator[Site]:
    """A site that the module's tests share: SQLite and one worker, set up and with its cast."""
    yield from _running(new_site(**UNLIMITED))


@pytest.fixture(scope="module")
def site_postgres_redis(new_site) -> Iterator[Site]:
    """A site that the module's tests share: PostgreSQL, Redis and two workers, set up and with its cast."""
    yield from _running(new_site(workers=2, postgres=True, redis=True, **UNLIMITED))


def _running(site: Site) -> Iterator[Site]:
    try:
        yield site.start()
    finally:
        site.stop()


# --- Logs: no test passes whose site wrote of an error, and a test that fails shows what its site wrote


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_setup(item):
    """Remember how long each site's log is."""
    _lengths.clear()
    _lengths.update({site: _log_lengths(site) for site in _sites})
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item):
    """Fail a test during which a site wrote of an error, unless it is marked `log_may_show`."""
    result = yield
    marker = item.get_closest_marker("log_may_show")
    for site in list(_sites):
        trouble = site.trouble(_lengths.get(site, {}), but_not=marker.args[0] if marker else None)
        if not any(worker.running for worker in site.workers):
            _sites.remove(site)
        if trouble:
            pytest.fail(f"The site's log tells of an error:\n{trouble}", pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Add the end of each site's log to the report of a test that failed."""
    report = yield
    if report.failed:
        for site in _sites:
            for worker in site.workers:
                said = worker.log[_lengths.get(site, {}).get(worker.name, 0) :]
                tail = "\n".join(said.splitlines()[-LOG_TAIL_LINES:])
                report.sections.append((f"{site.folder.name}, {worker.name}", tail))
    return report


def _log_lengths(site: Site) -> dict[str, int]:
    return {worker.name: len(worker.log) for worker in site.workers}
