"""Adds a column to messages that is NOT NULL and has a default in Django only."""

from django.db import migrations, models

from chat.tests.upgrade import NEWEST


class Migration(migrations.Migration):
    """The linter must refuse this."""

    dependencies = [("chat", NEWEST)]
    operations = [migrations.AddField("message", "mood", models.CharField(max_length=20, default="calm"))]
