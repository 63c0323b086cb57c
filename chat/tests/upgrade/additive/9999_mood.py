"""Adds a column to messages, and a table."""

from django.db import migrations, models

from chat.tests.upgrade import NEWEST


class Migration(migrations.Migration):
    """`mood` has a default in the database, because workers of the version before do not set it."""

    dependencies = [("chat", NEWEST)]
    operations = [
        migrations.AddField("message", "mood", models.CharField(max_length=20, db_default="calm")),
        migrations.CreateModel(
            "Bookmark",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("message", models.ForeignKey("chat.message", models.CASCADE)),
            ],
        ),
    ]
