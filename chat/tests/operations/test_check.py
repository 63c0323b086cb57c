"""`manage.py check --deploy`: Django's checks for public sites."""

import pytest

from project.deploy import keys

pytestmark = pytest.mark.core


def test_a_site_with_a_name_passes_all_checks(new_site, tmp_path):
    for folder in ("web", "db", "cache"):
        (tmp_path / folder).mkdir()
    keys.prepare(tmp_path)
    site = new_site(
        SITE_ADDRESS="chat.example.com",
        SECRET_KEY_FILE=tmp_path / "web" / "secret_key",
        DATABASE_URL_FILE=tmp_path / "web" / "database_url",
        REDIS_URL_FILE=tmp_path / "web" / "redis_url",
        TRUSTED_PROXIES="10.0.0.0/8",
    )
    checked = site.manage("check", "--deploy", "--fail-level", "WARNING")
    assert "no issues" in checked.stdout


def test_a_site_without_tls_gets_warnings(new_site):
    checked = new_site().manage("check", "--deploy", "--fail-level", "WARNING", check=False)
    assert checked.returncode == 1
    for name in ("W004", "W008", "W012", "W016"):
        assert f"security.{name}" in checked.stderr
