"""The ids of guests in what they have said. Apart from the column: that locks the table, this may take a while."""

from django.db import migrations

from chat.domain.guests import public_id


def fill(apps, schema_editor):
    """Note the id of each guest with their messages."""
    messages = apps.get_model("chat.Message")._base_manager
    said = messages.filter(author=None, guest_id="").order_by().values_list("sender_key", flat=True).distinct()
    for sender_key in list(said):
        messages.filter(sender_key=sender_key).update(guest_id=public_id(sender_key.removeprefix("g:")))


class Migration(migrations.Migration):
    dependencies = [("chat", "0007_guest_ids")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
