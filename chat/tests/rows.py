"""Reads all rows of a site, for comparisons, and fills a site with rows of every kind."""

from chat.tests.services import Site

FILL = """
    import uuid
    from datetime import timedelta
    from django.contrib.admin.models import CHANGE, LogEntry
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group, Permission
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone
    from chat.domain import bans, direct_rooms, drafts, guests, invites, messages, polls, profiles, reading, rooms
    from chat.domain import person_mutes, reports, saved, scheduled, sidebar, site_voice
    from chat.domain.errors import Held
    from chat.domain.filters import stored
    from chat.domain.record import record
    from chat.models import AccountBan, AccountWork, Attachment, CustomEmoji, FileText, Invite, InviteUse, Message
    from chat.models import Room, RoomOpening
    from chat.protocol.things import PostedPoll
    names = ("admin", "alice", "bob", "charlie")
    admin, alice, bob, charlie = map(get_user_model().objects.get_by_natural_key, names)
    def post_message(author, body, room="tea", **fields):
        return messages.post(room=room, author=author, body=body, client_id=uuid.uuid4(), **fields).pk
    first = post_message(alice, "Tea? @bob \\U0001f375 \\u2028 \\\\ \\"")
    second = post_message(bob, "Yes", reply_to=first)
    post_message(guests.new_guest(), "Hello", room="lobby")
    post_message(alice, "only us", room="den")
    messages.edit(message=first, by=alice, body="Tea, **now**? @bob")
    messages.react(message=second, by=alice, emoji="\\U0001f469\\u200d\\U0001f469\\u200d\\U0001f467", on=True)
    messages.delete(message=post_message(bob, "oh no"), by=bob)
    reading.read(room="tea", user=bob, upto=2)
    post_message(alice, "Now", thread=second)
    saved.save(message=second, user=alice, on=True, remind_at=timezone.now() + timedelta(days=1))
    drafts.save(room="tea", user=bob, body="half a tho", client_id=uuid.uuid4())
    later = timezone.now() + timedelta(days=2)
    scheduled.schedule(room="tea", author=alice, body="Good morning", client_id=uuid.uuid4(), at=later)
    vote = post_message(bob, "Which?", poll=PostedPoll(options=["Green", "Black"]))
    polls.vote(message=vote, by=alice, options=[1])
    emoji = {"name": "teapot", "picture": "none.webp", "added_at": timezone.now()}
    CustomEmoji.objects.create(added_by=alice, **emoji)
    direct = direct_rooms.find_or_make(people=[bob.pk, charlie.pk], by=alice).slug
    post_message(bob, "only us three", room=direct)
    sidebar.favourite(room=direct, user=alice, on=True)
    sidebar.mute(room="tea", user=bob, on=True)
    sidebar.hide(room=direct, user=charlie, on=True)
    sidebar.fold(section="rooms", user=alice, on=True)
    profiles.change(user=alice, display_name="Alice \\u00c9lan", title="Cook", theme="dark", clock="24")
    profiles.set_status(user=alice, emoji="\\U0001f375", line="Tea", until=timezone.now() + timedelta(hours=1))
    rooms.join(room=Room.objects.get(slug="tea"), user=charlie)
    rooms.remove(room=Room.objects.get(slug="tea"), user=charlie)
    bans.ban_guest(guest_id="0123456789abcdef", name="Amber Owl 10", by=admin)
    AccountBan.objects.create(user=charlie, reason="Spam", made_by=admin)
    work = {"kind": "removal", "state": "done", "sender_key": "u:2", "name": "alice", "made_at": timezone.now()}
    AccountWork.objects.create(user=alice, made_by=admin, **work)
    reports.report_message(message=first, by=bob, reason="spam", note="\\U0001f375?")
    stored.create(by=admin, name="Casino", kind="words", value="casino", action="hold")
    try:
        post_message(bob, "casino")
    except Held:
        pass
    person_mutes.mute_in_room(room="tea", by=alice, person=bob.pk, minutes=60, reason="tea")
    rooms.archive(room=Room.objects.get(slug="den"))
    RoomOpening.objects.create(room=Room.objects.get(slug="den"), user=admin, reason="Fire", until=timezone.now())
    record(admin, "member.role", bob, room=Room.objects.get(slug="tea"), after={"role": "reader"}, reason="tea spilled")
    texts = {"title": "Tea", "description": "", "site": ""}
    preview = {"url": "https://example.com/", "picture": None, "icon": None} | texts
    Message.objects.filter(pk=first).update(previews=[preview])
    file = {"size": 3, "storage_name": "a1", "created_at": timezone.now(), "state": "ready"}
    tea = Room.objects.get(slug="tea")
    tea_file = Attachment.objects.create(
        room=tea, uploader=alice, message_id=second, sender_key="u:2", name="tea.txt", **file
    )
    FileText.objects.create(attachment=tea_file, text="Green tea")
    invite = Invite.objects.create(token_hash="f" * 64, expires_at="2100-01-01T00:00:00Z", created_by=alice)
    invite.rooms.add(tea)
    InviteUse.objects.create(invite=invite, user=bob, at=timezone.now())
    site_voice.announce(room=tea, body="The kettle is new", client_id=uuid.uuid4())
    kind = ContentType.objects.get_for_model(Room)
    # By hand, as people do in the admin; the next database has it under another number, or not at all.
    brew = Permission.objects.create(codename="brew", name="brew", content_type=kind)
    helpers = Group.objects.create(name="helpers")
    helpers.permissions.add(Permission.objects.get(codename="change_room"), brew)
    bob.groups.add(helpers)
    tea.groups.add(helpers)
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
    elsewhere |= {"chat.roomactivity", "chat.dailymessages", "chat.useractivity"}
    # A job builds the index of search after a restore.
    elsewhere |= {"chat.searchdocument", "chat.searchindex"}
    # A backup has no jobs.
    elsewhere |= {"django_tasks_database.dbtaskresult", "chat.job"}
    named = {"permission_id": "permission__codename", "content_type_id": "content_type__model"}
    result = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label_lower not in elsewhere:
            columns = [named.get(field.attname, field.attname) for field in model._meta.concrete_fields]
            rows = model._base_manager.order_by("pk").values(*columns)
            result[model._meta.label_lower] = [{name: text(value) for name, value in row.items()} for row in rows]
"""


def fill_site(site: Site) -> None:
    """Make the users of a site create rows of every kind."""
    site.python(FILL)


def rows_of(site: Site) -> dict[str, list[dict]]:
    """All rows of a site but those that each database makes for itself, and sessions: by the model's label."""
    return site.python(ROWS)


def without_epoch(rows: dict[str, list[dict]]) -> dict[str, list[dict]]:
    """The same rows but for what a restore changes."""
    return rows | {"chat.site": [{name: row[name] for name in row.keys() - {"epoch"}} for row in rows["chat.site"]]}
