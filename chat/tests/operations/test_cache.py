"""The cache in Redis holds integers under the site's prefix, and never unpickles anything."""

import pickle
from pathlib import Path

import pytest
from redis import Redis as Client

from project.cache import IntegerSerializer

pytestmark = pytest.mark.core

TRY = """
    from chat.domain import throttle
    from chat.domain.errors import SlowDown
    throttle.clock = lambda: 1_800_000_000.0
    result = 0
    for _ in range(20):
        try:
            throttle.take(throttle.SIGN_IN, "192.0.2.1")
            result += 1
        except SlowDown:
            pass
"""


class Bomb:
    """Runs code when it is unpickled: makes a file."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


@pytest.fixture
def site(new_site):
    site = new_site(redis=True, REDIS_PREFIX="harbour")
    yield site
    site.stop()


@pytest.fixture
def redis(site):
    """A client of the site's Redis."""
    with Client.from_url(site.env["REDIS_URL"]) as client:
        yield client


def test_all_names_begin_with_the_prefix(site, redis):
    assert site.python(TRY) == 10
    keys = redis.keys()
    assert keys
    assert all(key.startswith(b"harbour:") for key in keys)
    assert all(int(redis.get(key)) >= 0 for key in keys)


def test_sites_with_different_prefixes_count_separately(site, redis, new_site):
    other = new_site(REDIS_URL=site.env["REDIS_URL"], REDIS_PREFIX="pier")
    try:
        assert site.python(TRY) == other.python(TRY) == 10
    finally:
        other.stop()


def test_a_pickle_in_redis_is_not_loaded(site, redis, tmp_path):
    site.python(TRY)
    counted = redis.keys()
    for key in counted:
        # The counter of the previous window, which is read but not incremented.
        stem, _colon, window = key.rpartition(b":")
        redis.set(b"%s:%d" % (stem, int(window) - 1), pickle.dumps(Bomb(tmp_path / "opened")))
    # The process counts by itself: attempts stay limited, and nobody is locked out.
    assert site.python(TRY) == 10
    assert not (tmp_path / "opened").exists()
    assert "counts for itself" in site.shell.log.read_text()


@pytest.mark.parametrize("value", ["1", None, True, 1.0, b"1", [1]])
def test_the_cache_accepts_integers_only(value):
    with pytest.raises(TypeError):
        IntegerSerializer().dumps(value)


def test_an_integer_is_stored_and_loaded():
    assert IntegerSerializer().loads(str(IntegerSerializer().dumps(-7)).encode()) == -7
