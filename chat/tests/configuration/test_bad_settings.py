"""A value that cannot work stops the start with one line: the variable's name and the expected values."""

import re
import sys
from pathlib import Path

import pytest

from chat.tests.services import programs
from chat.tests.services.environment import SITE_VARIABLES, environment
from chat.tests.services.programs import MANAGE
from project.configuration.environment import BadSetting

from .reading import pairs, read_settings, shared_cases

KNOWN = read_settings()["env"].known
NUMBERS = [name for name, variable in KNOWN.items() if re.match("a (whole )?number", variable.expected)]
NO_NUMBER = ("-1", "many", "nan", "inf", "1e99", "٣", "1_0")
REFUSED = [
    "ALLOWED_HOSTS=192.168.1.5:3368",
    "ALLOWED_HOSTS=https://chat.example.com",
    "ALLOWED_HOSTS=chat.example.com/",
    "ALLOWED_HOSTS=a_b.example",
    "ALLOWED_HOSTS=1.2.3",
    "ALLOWED_HOSTS=[::1",
    "SITE_ADDRESS=https://chat.example.com",
    "SITE_ADDRESS=chat.example.com/chat",
    "SITE_ADDRESS=chat.example.com:https",
    "SITE_ADDRESS=a.example, b.example",
    "SITE_ADDRESS=:3368",
    "SITE_ADDRESS=2001:db8::1",
    "SITE_URL=chat.example.com",
    "SITE_URL=https://chat.example.com/sub/path",
    "SITE_URL=ftp://chat.example.com",
    "ALLOWED_ORIGINS=https://x/",
    "ALLOWED_ORIGINS=app.example.com",
    "ALLOWED_ORIGINS=*",
    "ALLOWED_ORIGINS=https://user@x.example",
    "ALLOWED_ORIGINS=https://x.example:0",
    "ALLOWED_ORIGINS=https://x.example:99999",
    "CSRF_TRUSTED_ORIGINS=example.com",
    "TRUSTED_PROXIES=proxy.example",
    "TRUSTED_PROXIES=10.0.0.0/99",
    "HOST=127.0.0.1:3368",
    "HOST=http://localhost",
    "PORT=0",
    "PORT=65536",
    "HTTP_THREADS=0",
    "JOBS_IN_SERVER=sometimes",
    "LIVE_THREADS=1000000",
    "STORAGE_URL=https://bucket.example.com/files",
    "STORAGE_URL=s3://bucket",
    "STORAGE_URL=s3://host/UPPER",
    "STORAGE_URL=s3://key@host/files",
    "STORAGE_URL=s3://key:secret@host:0/files",
    "STORAGE_URL=s3://key:secret@host:port/files",
    "STORAGE_URL=s3://key:secret@host/files?tls=maybe",
    "STORAGE_URL=s3://key:secret@host/files?style=host",
    "STORAGE_URL=s3://key:secret@host/files?regoin=eu",
    "STORAGE_URL=s3://key:secret@host/files?public=files.example.com",
    "CLAMD_URL=clamav:3310",
    "CLAMD_URL=tcp://",
    "CLAMD_URL=unix://clamd.ctl",
    "CHAT_MAX_BODY=0",
    "CHAT_MAX_BODY=1.5",
    "MAX_MESSAGE_BYTES=5000",
    "MAX_UNSENT=1",
    "FILE_TYPES=pdf",
    "SEARCH_LANGUAGES=english",
    "FILE_TYPES=*/*",
    "REDIS_URL=localhost:6379",
    "REDIS_URL=http://localhost:6379",
    "REDIS_URL=redis://",
    "REDIS_URL=redis://localhost:port",
    "REDIS_URL=redis://localhost/zero",
    "REDIS_URL=redis://localhost/0?socket_timeout=soon",
    "REDIS_PREFIX=two words",
    "DATABASE_URL=localhost",
    "DATABASE_URL=mysql://u@h/n",
    "DATABASE_URL=postgres://localhost",
    "DATABASE_URL=postgres://u:p@h:port/n",
    "DATABASE_URL=postgres://u:p/w@h/n",
    "DATABASE_URL=sqlite://:memory:",
    "DATABASE_URL=sqlite:////no/such/folder/parley.sqlite3",
    "EMAIL_URL=nonsense://x",
    "EMAIL_URL=consolemail://",
    "EMAIL_URL=mail.example.com",
    "EMAIL_URL=smtp://",
    "EMAIL_URL=smtp://mail.example.com:port",
    "EMAIL_URL=smtp://mail.example.com/?timeout=soon",
    "EMAIL_URL=smtp://mail.example.com/?timeout=3600",
    "EMAIL_URL=smtp://mail.example.com/?tls=maybe",
    "EMAIL_URL=file://",
    "EMAIL_URL=file:///dev/null/mails",
    "EMAIL_URL=file:///proc/mails",
    "DEFAULT_FROM_EMAIL=Parley",
    "DATABASE_POOLER=odyssey",
    "DEBUG=maybe",
    "SECURE_COOKIES=2",
    "LOG_LEVEL=loud",
    "LOG_FORMAT=xml",
    "TIME_ZONE=Mars/Olympus",
    "TIME_ZONE=Europe",
    "TIME_ZONE=/etc/passwd",
    "SECRET_KEY=x",
    "SECRET_KEY=" + "x" * 49,
    "SECRET_KEY=" + "abcd" * 20,
    "SECRET_KEY=django-insecure-4c1^b7!k@e9mz0w2q8t5y3u6i1o7p-a=s+d",
    "SECRET_KEY=" + "a-long-and-random-text-\n" * 3,
    "VAR_DIR=/dev/null/x",
]
STARTS = [["-m", "project.server"], [MANAGE, "migrate", "--check"], [MANAGE, "setup", "--link"]]
STARTS += [["-m", "project.deploy.prepare", "/nowhere"], ["-m", "daphne", "project.asgi:application"]]


def error_of(**variables: str) -> str:
    with pytest.raises(BadSetting) as caught:
        read_settings(**variables)
    return str(caught.value)


@pytest.mark.parametrize("assignment", [*REFUSED, *shared_cases("refuse")])
def test_a_value_that_cannot_work_is_refused_in_one_line(assignment):
    ((name, _value),) = pairs(assignment).items()
    error = error_of(**pairs(assignment))
    assert error.startswith(f"{name}: ")
    assert ". Expected: " in error
    assert "\n" not in error


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_out_of_range_is_refused(name):
    for value in NO_NUMBER:
        assert f"{name}: " in error_of(**{name: value})


def test_every_setting_has_a_value_that_it_refuses():
    refused = {*NUMBERS, *(name for assignment in REFUSED for name in pairs(assignment))}
    assert refused == {*SITE_VARIABLES}


@pytest.mark.parametrize("start", STARTS, ids=lambda start: " ".join([Path(start[0]).name, *start[1:]]))
@pytest.mark.parametrize("assignment", ["PORT=http", "EMAIL_URL=nonsense://x", "SECRET_KEY_FILE=/no/such/file"])
def test_each_program_ends_with_that_line(start, assignment, tmp_path):
    env = environment(VAR_DIR=tmp_path, **pairs(assignment))
    run = programs.run([sys.executable, *start], env=env)
    assert run.returncode == 1
    (line,) = run.stderr.splitlines()
    assert line.startswith(f"{assignment.partition('=')[0]}: ")
    assert not run.stdout


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / "empty").touch()
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    (tmp_path / "long").write_bytes(b"x" * 100_000)
    for name in ("missing", "empty", "bytes", "long", "."):
        error = error_of(REDIS_URL_FILE=str(tmp_path / name))
        assert error.startswith("REDIS_URL_FILE: "), error
    (tmp_path / "wrong").write_text("localhost:6379\n")
    assert error_of(REDIS_URL_FILE=str(tmp_path / "wrong")).startswith("REDIS_URL: ")


def test_a_variable_and_its_file_together_are_refused(tmp_path):
    (tmp_path / "zone").write_text("UTC")
    assert error_of(TIME_ZONE="UTC", TIME_ZONE_FILE=str(tmp_path / "zone")).startswith("TIME_ZONE: ")


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "EMAIL_URL"])
def test_a_password_is_not_shown(name):
    assert "hunter2" not in error_of(**{name: "nonsense://user:hunter2@host/x"})


def test_a_secret_key_is_required_with_a_database():
    error = error_of(DATABASE_URL="postgres://u:p@h/n", SECRET_KEY="")
    assert error.startswith("SECRET_KEY: it is not set, and DATABASE_URL is.")


def test_the_sites_own_host_must_be_allowed():
    for variables in ("SITE_ADDRESS=chat.example.com", "SITE_URL=https://chat.example.com"):
        assert error_of(ALLOWED_HOSTS="other.example", **pairs(variables)).startswith("ALLOWED_HOSTS: ")
