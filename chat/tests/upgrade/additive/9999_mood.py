"""A message gets a mood, and things can be bookmarked."""

from django.db import migrations, models

from chat.tests.upgrade import NEWEST


class Migration(migrations.Migration):
    """The database itself fills `mood` in: the version before it does not name that column."""

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
