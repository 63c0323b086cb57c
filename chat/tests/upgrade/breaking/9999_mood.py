"""A message gets a mood, which Django fills in: without it the database takes none."""

from django.db import migrations, models

from chat.tests.upgrade import NEWEST


class Migration(migrations.Migration):
    """What the linter must find."""

    dependencies = [("chat", NEWEST)]
    operations = [migrations.AddField("message", "mood", models.CharField(max_length=20, default="calm"))]
