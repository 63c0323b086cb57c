"""An id for guests that everyone may know, and a count of their names."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chat", "0006_name_keys")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="guest_id",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=16),
        ),
        migrations.AddField(
            model_name="site",
            name="guests_named",
            field=models.BigIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
