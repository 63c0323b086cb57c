"""What the settings make of values that work, and that docs/operating.md tells of each."""

import pytest

from .reading import documented, pairs, read_settings, shared_cases

ACCEPTED = [
    "ALLOWED_HOSTS=a.example, b.example",
    "ALLOWED_HOSTS=*",
    "ALLOWED_HOSTS=.example.com",
    "SITE_ADDRESS=[2001:db8::1]:8443",
    "ALLOWED_ORIGINS=https://*.example.com",
    "TRUSTED_PROXIES=10.0.0.0/8, fc00::/7,unix",
    "TRUSTED_PROXIES=10.0.0.0/8 127.0.0.1",
    "HOST=::",
    "HOST=fe80::1%lo",
    "REDIS_URL=redis://:p%40ss@localhost:6379/0",
    "REDIS_URL=unix:///run/redis.sock?db=1",
    "DATABASE_URL=sqlite:////tmp/parley.sqlite3",
    "EMAIL_URL=console://",
    "EMAIL_URL=submission://user:pass@mail.example.com",
    "LOG_LEVEL=info",
    "LOG_FORMAT=JSON",
    "DEBUG=True",
    "TIME_ZONE=Europe/Berlin",
]


@pytest.mark.parametrize("assignment", [*ACCEPTED, *shared_cases("works")])
def test_a_value_that_works_is_read(assignment):
    read_settings(**pairs(assignment))


def test_an_empty_variable_counts_as_one_that_is_not_set():
    empty = dict.fromkeys(["PORT", "ALLOWED_HOSTS", "EMAIL_URL", "DATABASE_URL", "REDIS_URL", "SECRET_KEY"], "")
    found = read_settings(**empty, SITE_ADDRESS_FILE=" ")
    assert (found["PORT"], found["SITE_ADDRESS"], found["REDIS_URL"]) == (3368, "", "")
    assert found["DATABASES"]["default"]["ENGINE"].endswith("sqlite3")


def test_a_value_comes_from_a_file(tmp_path):
    (tmp_path / "url").write_text("redis://localhost:6379/0\n")
    assert read_settings(REDIS_URL_FILE=str(tmp_path / "url"))["REDIS_URL"] == "redis://localhost:6379/0"


def test_the_null_device_is_no_file_with_a_value():
    found = read_settings(EMAIL_URL_FILE="/dev/null", EMAIL_URL="dummy://", DATABASE_URL_FILE="/dev/null")
    assert found["EMAIL_BACKEND"].endswith("dummy.EmailBackend")
    assert found["EMBEDDED"]


def test_values_are_written_in_one_way():
    found = read_settings(
        ALLOWED_HOSTS="A.Example., ::1",
        ALLOWED_ORIGINS="https://X.example:443",
        LOG_LEVEL="debug",
        SITE_URL="http://[::1]/",
    )
    assert found["ALLOWED_HOSTS"] == ["a.example", "[::1]"]
    assert found["ALLOWED_ORIGINS"] == ["https://x.example"]
    assert found["LOGGING"]["root"]["level"] == "DEBUG"
    assert found["SITE_URL"] == "http://[::1]"


@pytest.mark.parametrize(
    ("variables", "hosts"),
    [
        ([], ["localhost", "127.0.0.1", "[::1]"]),
        (["HOST=0.0.0.0"], ["localhost", "127.0.0.1", "[::1]"]),
        (["HOST=*"], ["localhost", "127.0.0.1", "[::1]"]),
        (["HOST=192.168.1.5"], ["localhost", "127.0.0.1", "[::1]", "192.168.1.5"]),
        (["HOST=fe80::1%eth0"], ["localhost", "127.0.0.1", "[::1]", "[fe80::1]"]),
        (["SITE_ADDRESS=Chat.example.com:8443", "HOST=0.0.0.0"], ["chat.example.com"]),
        (["SITE_ADDRESS=[2001:db8::1]:8443"], ["[2001:db8::1]"]),
        (["SITE_ADDRESS=a.example", "ALLOWED_HOSTS=a.example,localhost"], ["a.example", "localhost"]),
    ],
)
def test_a_site_with_a_name_answers_to_that_alone(variables, hosts):
    assert read_settings(**pairs(*variables))["ALLOWED_HOSTS"] == hosts


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ([], "http://localhost:3368"),
        (["PORT=80"], "http://localhost"),
        (["PORT=3368", "PUBLIC_PORT=8080"], "http://localhost:8080"),
        (["HOST=192.168.1.5"], "http://192.168.1.5:3368"),
        (["HOST=fe80::1"], "http://[fe80::1]:3368"),
        (["HOST=0.0.0.0", "ALLOWED_HOSTS=192.168.1.5"], "http://192.168.1.5:3368"),
        (["ALLOWED_HOSTS=192.168.1.5,localhost"], "http://localhost:3368"),
        (["ALLOWED_HOSTS=chat.example.com", "SECURE_COOKIES=true"], "https://chat.example.com"),
        (["ALLOWED_HOSTS=.example.com", "SECURE_COOKIES=true"], "https://example.com"),
        (["SITE_ADDRESS=chat.example.com"], "https://chat.example.com"),
        (["SITE_ADDRESS=chat.example.com:8443"], "https://chat.example.com:8443"),
        (["SITE_URL=https://talk.example.com", "ALLOWED_HOSTS=talk.example.com"], "https://talk.example.com"),
    ],
)
def test_links_lead_to_where_the_site_answers(variables, url):
    assert read_settings(**pairs(*variables))["SITE_URL"] == url


def test_the_documentation_lists_every_setting_and_what_it_wants():
    assert {name: row[1] for name, row in documented().items()} == read_settings()["env"].wants
