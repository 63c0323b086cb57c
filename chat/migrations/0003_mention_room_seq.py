"""Mentions get the room and the seq of their message.

Workers of the version before write neither. Until the last of them has stopped, a trigger fills both in. Only on
PostgreSQL: a site on SQLite is one process, and there a trigger that names another table keeps Django from copying it.
"""

import django.db.models.deletion
from django.db import migrations, models

TRIGGER = """
CREATE FUNCTION chat_mention_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT room_id, seq INTO NEW.room_id, NEW.seq FROM chat_message WHERE id = NEW.message_id;
    RETURN NEW;
END $$;
CREATE TRIGGER chat_mention_place BEFORE INSERT ON chat_mention
    FOR EACH ROW WHEN (NEW.room_id IS NULL) EXECUTE FUNCTION chat_mention_place();
"""


def add_trigger(apps, schema_editor):
    """Fill in what old workers leave out."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TRIGGER)


def remove_trigger(apps, schema_editor):
    """Take it away again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER chat_mention_place ON chat_mention; DROP FUNCTION chat_mention_place()")


class Migration(migrations.Migration):
    dependencies = [("chat", "0002_session")]

    operations = [
        migrations.AddField(
            "mention",
            "room",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="chat.room",
            ),
        ),
        migrations.AddField("mention", "seq", models.BigIntegerField(null=True)),
        migrations.RunPython(add_trigger, remove_trigger),
    ]
