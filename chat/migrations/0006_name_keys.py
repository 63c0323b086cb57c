"""What people's names look like, for those who are here already."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import migrations, models

from chat.domain import names


def fill(apps, schema_editor):
    """Give everyone the keys of their name. Of two whose names look alike the older account gets them; the other one
    keeps its name, and `handles.is_taken` looks at it by itself."""
    NameKey = apps.get_model("chat.NameKey")
    users = apps.get_model(settings.AUTH_USER_MODEL)._base_manager
    named = users.order_by("pk").values_list("pk", get_user_model().USERNAME_FIELD)
    keys = (NameKey(user_id=pk, key=key) for pk, name in named.iterator() for key in sorted(names.keys(name)))
    NameKey._base_manager.bulk_create(keys, batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0005_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NameKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="name_keys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
