"""Sessions that know whose they are, and in it those that people have now."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import migrations, models
from django.utils import timezone


def take_over(apps, schema_editor):
    """Copy what stands in Django's own table: nobody has to sign in again.

    Workers of the old version still use that one. Whoever signs in on one of them from now on has to do it once more.
    """
    Session = apps.get_model("chat.Session")
    accounts = apps.get_model(settings.AUTH_USER_MODEL).objects
    users = {str(pk): pk for pk in accounts.values_list("pk", flat=True)}
    standing = apps.get_model("sessions.Session").objects.filter(expire_date__gt=timezone.now())
    store = SessionStore()
    rows = (
        Session(
            session_key=old.session_key,
            session_data=old.session_data,
            expire_date=old.expire_date,
            user_id=users.get(store.decode(old.session_data).get(SESSION_KEY)),
        )
        for old in standing.iterator()
    )
    Session.objects.bulk_create(rows, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0001_log"),
        ("sessions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key"),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                (
                    "user",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
