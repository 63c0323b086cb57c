"""The servers and sites that other tests start."""

import os
import signal
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from chat.tests.services import PASSWORD, Postgres, Redis, free_port, programs, wait_until
from chat.tests.services.environment import ROOT, SITE_VARIABLES, environment
from chat.tests.services.processes import DidNotStart, Process
from chat.tests.services.site_shell import CodeFailed

pytestmark = pytest.mark.extended


def test_the_error_of_a_server_that_ends_at_once_has_its_output(tmp_path):
    command = [sys.executable, "-c", "print('no such luck')"]
    with pytest.raises(DidNotStart, match="no such luck"):
        Process("unlucky", command, free_port(), log=tmp_path / "log").start()


def test_a_forked_program_runs_like_one_of_the_command_line(tmp_path):
    code = "import os, sys; print(os.environ['TEST_NAME'], os.getsid(0) == os.getpid(), sys.argv[1:], sys.stdin.read())"
    words = [sys.executable, programs.MANAGE, "shell", "--verbosity", "0", "--command"]
    env = environment(VAR_DIR=tmp_path, TEST_NAME="é")
    forked = programs.run([*words, f"{code}; sys.exit(7)"], env=env)
    options = {"cwd": ROOT, "stdin": subprocess.DEVNULL, "start_new_session": True}
    executed = subprocess.run([*words, f"{code}; sys.exit(7)"], env=env, capture_output=True, text=True, **options)
    assert (forked.returncode, forked.stdout, forked.stderr) == (7, executed.stdout, executed.stderr)
    assert forked.stdout.startswith("é True")
    assert programs.run([*words, "import os; os.kill(os.getpid(), 9)"], env=env).returncode == -signal.SIGKILL


def test_the_processes_of_a_killed_test_process_are_ended(tmp_path):
    port = free_port()
    code = f"""
import sys, time
from pathlib import Path
from chat.tests.services import Redis
Redis(Path({str(tmp_path)!r}), {port}).start()
print("started", flush=True)
time.sleep(60)
"""
    tests = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert tests.stdout.readline() == "started\n"
    tests.kill()
    tests.communicate()
    redis = Redis(tmp_path / "probe", port)
    wait_until(lambda: not redis.answers(), "Redis to end")


def test_postgresql_keeps_its_rows_after_a_restart():
    postgres = Postgres()
    try:
        postgres.start()
        url = postgres.new_url()
        with psycopg.connect(url) as connected:
            connected.execute("CREATE TABLE said (text text)")
            connected.execute("INSERT INTO said VALUES ('hello')")
        postgres.restart()
        with psycopg.connect(url) as connected:
            assert connected.execute("SELECT text FROM said").fetchall() == [("hello",)]
    finally:
        postgres.remove()


def test_two_databases_of_one_redis_are_separate(redis_server):
    from redis import Redis as Client

    with Client.from_url(redis_server.new_url()) as one, Client.from_url(redis_server.new_url()) as other:
        one.set("name", "alice")
        assert other.get("name") is None


def test_the_callers_environment_has_no_effect_on_sites(monkeypatch):
    monkeypatch.setenv("CHAT_MAX_BODY", "1")
    assert {"CHAT_MAX_BODY", "DATABASE_URL", "PORT", "SECRET_KEY"} <= set(SITE_VARIABLES)
    assert "CHAT_MAX_BODY" not in environment()


def test_docs_settings_lists_every_setting():
    manual = (ROOT / "docs" / "settings.md").read_text()
    assert [name for name in SITE_VARIABLES if f"| `{name}` |" not in manual] == []


@pytest.mark.django_db
def test_tests_use_the_requested_database():
    asked = os.environ.get("PARLEY_TESTS_ON", "sqlite")
    assert connection.vendor == asked
    assert settings.BASE_DIR not in settings.VAR_DIR.parents


def test_alice_signs_in_and_sees_the_lobby(site):
    answer = site.visitor("alice").get("/")
    assert answer.status == 200
    assert "Lobby" in answer.text


def test_a_wrong_password_does_not_sign_in(site):
    visitor = site.visitor()
    visitor.post("/accounts/login/", {"username": "alice", "password": f"not {PASSWORD}"})
    assert "sessionid" not in visitor.cookies


def test_code_runs_inside_a_site_and_its_errors_are_raised(site):
    assert site.python("from chat.models import Room\nresult = Room.objects.filter(slug=slug).count()", slug="den") == 1
    with pytest.raises(CodeFailed, match="ZeroDivisionError"):
        site.python("1 / 0")


def test_a_site_on_postgresql_has_the_same_cast_on_both_workers(site_postgres_redis):
    names = "from project.people.models import User\nresult = sorted(User.objects.values_list('handle', flat=True))"
    assert {"admin", "alice", "bob", "charlie"} <= set(site_postgres_redis.python(names))
    assert len({worker.port for worker in site_postgres_redis.workers}) == 2
    assert all(worker.answers() for worker in site_postgres_redis.workers)


def test_a_killed_worker_restarts_at_the_same_address(fresh_site):
    worker = fresh_site.workers[0]
    worker.kill()
    assert not worker.answers()
    worker.start()
    assert fresh_site.visitor().get("/chat").status == 426


def test_a_frozen_worker_is_ended(fresh_site):
    fresh_site.workers[0].pause()
    fresh_site.stop()
    assert fresh_site.workers[0].popen.returncode in {0, -signal.SIGKILL}
