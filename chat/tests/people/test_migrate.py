"""`manage.py migrate` on a database from before the site's user model."""

import pytest

pytestmark = pytest.mark.core
FORMER = """
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'people'")
"""
ADD = "INSERT INTO django_migrations (app, name, applied) VALUES ('chat', '0001_log', '2026-11-01')"


def test_a_former_database_is_refused_with_a_sentence(new_site):
    site = new_site(with_users=False)
    site.python(f"{FORMER}        cursor.execute({ADD!r})\n")
    run = site.manage("migrate", check=False)
    assert (run.returncode, "Traceback" in run.stderr) == (1, False)
    assert "Move the site with a backup" in run.stderr
    site.stop()


def test_another_inconsistent_database_is_reported_as_django_does(new_site):
    site = new_site(with_users=False)
    site.python(FORMER)
    run = site.manage("migrate", check=False)
    assert run.returncode == 1
    assert "InconsistentMigrationHistory" in run.stderr
    site.stop()
