"""Room and seq for the mentions that were there before, and the index by which unread mentions are counted.

Not one transaction: people talk on meanwhile. When it is interrupted, it runs again from the start.
"""

from django.db import migrations, models, transaction
from django.db.models import OuterRef, Subquery

BATCH_ROWS = 10_000
"""About 0.1 s: whoever edits or deletes a message of the batch waits that long."""


def fill(apps, schema_editor):
    """Copy room and seq from the messages, a batch at a time, each in a transaction of its own."""
    mentions = apps.get_model("chat.Mention").objects
    messages = apps.get_model("chat.Message").objects.filter(pk=OuterRef("message"))
    last = mentions.order_by("-pk").values_list("pk", flat=True).first() or 0
    for start in range(0, last + 1, BATCH_ROWS):
        with transaction.atomic():
            batch = mentions.filter(pk__gte=start, pk__lt=start + BATCH_ROWS, room=None)
            batch.update(room=Subquery(messages.values("room")), seq=Subquery(messages.values("seq")))


class AddIndexMeanwhile(migrations.AddIndex):
    """Makes the index while others write, where the database can do that. What an interrupted run left is made anew."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        connection = schema_editor.connection
        if connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {self.index.name}")
            # It takes as long as the table is large, and waits for the transactions that began before it. Behind a
            # pooler the settings would stay with a connection that others get.
            limits = () if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS") else ("statement", "lock")
            for limit in limits:
                schema_editor.execute(f"SET {limit}_timeout = 0")
            schema_editor.add_index(model, self.index, concurrently=True)
            for limit in limits:
                schema_editor.execute(f"RESET {limit}_timeout")
        else:
            schema_editor.execute(f"DROP INDEX IF EXISTS {self.index.name}")
            schema_editor.add_index(model, self.index)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("chat", "0003_mention_room_seq")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexMeanwhile("mention", models.Index(fields=["user", "room", "seq"], name="mention_unread")),
    ]
