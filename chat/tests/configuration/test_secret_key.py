"""SECRET_KEY: which keys are refused, and how a site keeps a generated one."""

import threading

import pytest

from project.configuration import secret_key
from project.configuration.environment import BadSetting

from .reading import read_settings


def test_a_weak_key_is_refused_and_the_line_says_what_is_expected():
    with pytest.raises(BadSetting) as caught:
        read_settings(SECRET_KEY="hunter2")
    assert str(caught.value) == "SECRET_KEY: the value cannot be used. Expected: at least 50 random characters."


def test_a_weak_key_works_with_debug():
    assert read_settings(SECRET_KEY="hunter2", DEBUG="true")["SECRET_KEY"] == "hunter2"


def test_a_generated_key_is_strong_and_stays_the_same(tmp_path):
    path = tmp_path / "secret_key"
    key = secret_key.read_or_create(path)
    assert secret_key.require_strong(key) == key
    assert secret_key.read_or_create(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


def test_processes_that_start_at_the_same_moment_get_the_same_key(tmp_path):
    path, barrier, keys = tmp_path / "secret_key", threading.Barrier(8), []

    def start():
        barrier.wait()
        keys.append(secret_key.read_or_create(path))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert keys[0]
