"""Values of the environment that work, and the settings that result."""

import pytest

from project.configuration.environment import BadSetting

from .reading import pairs, read_settings, shared_cases

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
def test_a_valid_value_is_accepted(assignment):
    read_settings(**pairs(assignment))


def test_an_empty_variable_counts_as_not_set():
    empty = dict.fromkeys(["PORT", "ALLOWED_HOSTS", "EMAIL_URL", "DATABASE_URL", "REDIS_URL", "SECRET_KEY"], "")
    found = read_settings(**empty, SITE_ADDRESS_FILE=" ")
    assert (found["PORT"], found["SITE_ADDRESS"], found["REDIS_URL"]) == (3368, "", "")
    assert found["DATABASES"]["default"]["ENGINE"].endswith("sqlite3")


def test_a_value_is_read_from_a_file(tmp_path):
    (tmp_path / "url").write_text("redis://localhost:6379/0\n")
    assert read_settings(REDIS_URL_FILE=str(tmp_path / "url"))["REDIS_URL"] == "redis://localhost:6379/0"


def test_the_null_device_counts_as_no_file():
    found = read_settings(EMAIL_URL_FILE="/dev/null", EMAIL_URL="dummy://", DATABASE_URL_FILE="/dev/null")
    assert found["EMAIL_BACKEND"].endswith("dummy.EmailBackend")
    assert found["EMBEDDED"]


def test_values_are_normalised():
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
def test_allowed_hosts_are_the_sites_name_or_the_names_of_the_machine(variables, hosts):
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
def test_site_url_is_where_the_site_answers(variables, url):
    assert read_settings(**pairs(*variables))["SITE_URL"] == url


@pytest.mark.parametrize(
    ("url", "origin", "options"),
    [
        (
            "s3://KEY:a%2Fb@s3.eu-central-1.amazonaws.com/parley?region=eu-central-1&style=virtual",
            "https://parley.s3.eu-central-1.amazonaws.com",
            {"region_name": "eu-central-1", "access_key": "KEY", "secret_key": "a/b", "location": ""},
        ),
        (
            "s3://KEY:SECRET@minio:9000/parley/team/files?tls=false&public=https://files.example.com/",
            "https://files.example.com",
            {"endpoint_url": "http://minio:9000", "bucket_name": "parley", "location": "team/files"},
        ),
        ("s3://[::1]:9000/parley?tls=false", "http://[::1]:9000", {"access_key": None, "region_name": "us-east-1"}),
    ],
)
def test_pages_may_show_what_is_in_the_bucket_of_the_site(url, origin, options):
    found = read_settings(STORAGE_URL=url)
    directives = found["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert directives["img-src"] == directives["media-src"] == ["'self'", origin]
    assert directives["connect-src"] == ["'self'"]
    stored = found["STORAGES"]["files"]
    assert stored["BACKEND"] == "project.bucket_storage.BucketStorage"
    assert stored["OPTIONS"] | options == stored["OPTIONS"]


def test_without_a_bucket_pages_show_files_of_the_site_only():
    found = read_settings()
    assert found["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["img-src"] == ["'self'"]
    assert found["STORAGES"]["files"]["BACKEND"] == "django.core.files.storage.FileSystemStorage"


def test_a_site_with_a_bucket_and_without_its_libraries_does_not_start(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(BadSetting, match=r"STORAGE_URL: its libraries are not installed.*requirements-s3.txt"):
        read_settings(STORAGE_URL="s3://KEY:SECRET@minio:9000/parley")
