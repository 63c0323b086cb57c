"""Whom a message mentions, as it is told with the message."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0010_protect"),
    ]

    operations = [
        migrations.AlterField(
            model_name="mention",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="mentioned", to="chat.message"
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="mentions",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
