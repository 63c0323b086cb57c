"""Everything that a site stores, to be compared; and a site with something of each kind."""

from chat.tests.services import Site

LIFE = """
    import uuid
    from django.contrib.admin.models import CHANGE, LogEntry
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group, Permission
    from django.contrib.contenttypes.models import ContentType
    from chat.domain import bars, guests, invites, messages, reading, rooms
    from chat.models import Invite, Message, Room
    names = ("admin", "alice", "bob", "charlie")
    admin, alice, bob, charlie = map(get_user_model().objects.get_by_natural_key, names)
    def say(author, body, room="tea", **fields):
        return messages.post(room=room, author=author, body=body, client_id=uuid.uuid4(), **fields).pk
    first = say(alice, "Tea? @bob \\U0001f375 \\u2028 \\\\ \\"")
    second = say(bob, "Yes", reply_to=first)
    say(guests.new_guest(), "Hello", room="lobby")
    say(alice, "only us", room="den")
    messages.edit(message=first, by=alice, body="Tea, **now**? @bob")
    messages.react(message=second, by=alice, emoji="\\U0001f469\\u200d\\U0001f469\\u200d\\U0001f467", on=True)
    messages.delete(message=say(bob, "oh no"), by=bob)
    reading.read(room="tea", user=bob, upto=2)
    rooms.join(room=Room.objects.get(slug="tea"), user=charlie)
    rooms.remove(room=Room.objects.get(slug="tea"), user=charlie)
    bars.bar_guest(guest_id="0123456789abcdef", name="Amber Owl 10", by=admin)
    rooms.archive(room=Room.objects.get(slug="den"))
    Invite.objects.create(token_hash="f" * 64, expires_at="2100-01-01T00:00:00Z", created_by=alice)
    kind = ContentType.objects.get_for_model(Room)
    # By hand, as people do in the admin; the next database has it under another number, or not at all.
    brew = Permission.objects.create(codename="brew", name="brew", content_type=kind)
    helpers = Group.objects.create(name="helpers")
    helpers.permissions.add(Permission.objects.get(codename="change_room"), brew)
    bob.groups.add(helpers)
    bob.user_permissions.add(Permission.objects.get(codename="view_logentry"))
    LogEntry.objects.create(user=admin, content_type=kind, object_id="1", object_repr="Tea", action_flag=CHANGE)
"""
ROWS = """
    import json
    from django.apps import apps
    def text(value):
        # PostgreSQL keeps the keys of an object in an order of its own.
        return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else str(value)
    elsewhere = {"chat.session", "sessions.session", "contenttypes.contenttype", "auth.permission"}
    named = {"permission_id": "permission__codename", "content_type_id": "content_type__model"}
    result = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label_lower not in elsewhere:
            columns = [named.get(field.attname, field.attname) for field in model._meta.concrete_fields]
            rows = model._base_manager.order_by("pk").values(*columns)
            result[model._meta.label_lower] = [{name: text(value) for name, value in row.items()} for row in rows]
"""


def live(site: Site) -> None:
    """Let the cast of a site leave a row of every kind."""
    site.python(LIFE)


def rows_of(site: Site) -> dict[str, list[dict]]:
    """All rows of a site but those that each database makes for itself, and sessions: by the model's label."""
    return site.python(ROWS)


def without_epoch(rows: dict[str, list[dict]]) -> dict[str, list[dict]]:
    """The same rows but for what a restore changes."""
    return rows | {"chat.site": [{name: row[name] for name in row.keys() - {"epoch"}} for row in rows["chat.site"]]}
