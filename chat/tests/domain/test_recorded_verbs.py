"""Every verb is in one of two tables: staff, moderators and owners use it, and then it is recorded; or it is not."""

import importlib
import inspect
import pkgutil
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

import chat.domain
from chat.domain import (
    account_bans,
    accounts,
    acting,
    added_by_staff,
    bans,
    bulk_members,
    custom_emoji,
    default_rooms,
    erasing,
    group_rooms,
    guests,
    held,
    invite_mails,
    invites,
    members,
    merging,
    message_changes,
    messages,
    person_mutes,
    pins,
    profiles,
    removals,
    removing,
    report_decisions,
    reports,
    restoring,
    room_creation,
    room_deletion,
    room_openings,
    room_settings,
    rooms,
    site_voice,
    sites,
)
from chat.domain.errors import Held
from chat.domain.filters import of_room, stored
from chat.domain.moderation import Target
from chat.domain.previews import removal
from chat.domain.recorded_verbs import RECORDED_VERBS
from chat.jobs import queue
from chat.jobs.upkeep import remove_old_jobs
from chat.models import HeldMessage, Invite, Job, MessageFilter, PersonMute, RecordedAction, Restriction, Site
from chat.tests import sample_files
from chat.tests.cast import PASSWORD, person
from chat.tests.running_jobs import run_jobs
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db
LATER = timedelta(days=1)


class World:
    """Alice owns the harbour, a private room; Bob is a member; Charlie is none. Dora is a superuser."""

    def __init__(self, harbour, alice, bob, charlie, dora):
        self.harbour, self.alice, self.bob, self.charlie, self.dora = harbour, alice, bob, charlie, dora

    def message(self) -> int:
        """A message of Bob."""
        return post_message(self.harbour, self.bob).pk

    def removed(self) -> int:
        """A message of Bob that Alice has removed."""
        pk = self.message()
        removing.remove(message=pk, by=self.alice)
        return pk

    def report(self) -> int:
        """A report of a message of Bob."""
        erin = person("erin")
        rooms.join(room=self.harbour, user=erin)
        return reports.report_message(message=self.message(), by=erin, reason="spam").pk

    def held(self) -> int:
        """A message of Bob that a filter holds."""
        self.filter()
        with pytest.raises(Held):
            post_message(self.harbour, self.bob, "Some tea")
        return HeldMessage.objects.get().pk

    def filter(self) -> MessageFilter:
        return stored.create(by=self.dora, name="Tea", kind="words", value="tea", action="hold")

    def save_filter(self) -> int:
        """A filter that Alice makes for her room."""
        fields = {"kind": "words", "value": "tea", "limit": 3, "hours": 24, "action": "hold"}
        of_room.save(room="harbour", by=self.alice, name="Tea", **fields)
        return MessageFilter.objects.get(room=self.harbour).pk

    def mute(self) -> PersonMute:
        members_mute(self)
        return PersonMute.objects.get()

    def guest(self) -> str:
        """The id of a guest who wrote in a room."""
        room = rooms.create(slug="pier", name="Pier", guests="write", by=self.alice)
        return post_message(room, guests.Guest(key="9" * 32, name="Quiet Heron 27")).guest_id

    def restriction(self) -> Restriction:
        rooms.remove(room=self.harbour, user=self.bob, by=self.alice)
        return Restriction.objects.get()

    def unset(self) -> None:
        Site.objects.update(set_up_at=None)


def make_link(w):
    sites.allow(who_invites="everyone")
    invites.create_link(room="harbour", by=w.alice)


def send_invite_again(w):
    later = timezone.now() + LATER
    invite_mails.invite_all(addresses=["erin@example.net"], room=None, by=w.dora, expires_at=later)
    invite_mails.send_again(invite=Invite.objects.get(), by=w.dora)


def undo_removal(w):
    w.message()
    work = removals.begin(user=w.bob, hours=1, by=w.dora)
    run_jobs()
    removals.undo(work=work.pk, by=w.dora)


def members_mute(w):
    person_mutes.mute_in_room(room="harbour", by=w.alice, person=w.bob.pk, minutes=5)


def as_staff(w, verb, **fields):
    """Call a verb that people use for themselves, as Dora does it in the admin for Bob."""
    acting.begin(w.dora, "192.0.2.1")
    try:
        verb(user=w.bob, **fields)
    finally:
        acting.end()


def with_preview(w) -> int:
    """A message of Bob with a preview."""
    pk = w.message()
    texts = dict.fromkeys(("title", "description", "site"), "")
    entry = {"url": "https://example.com/", "picture": None, "icon": None} | texts
    type(message_changes.get_locked(pk, w.bob)[0]).objects.filter(pk=pk).update(previews=[entry])
    return pk


def delete_and_restore(w):
    pk = w.message()
    messages.delete(message=pk, by=w.alice)
    restoring.restore(message=pk, by=w.alice)


RECORDED = {
    "account_bans.ban": ("person.ban", lambda w: account_bans.ban(user=w.bob, by=w.dora)),
    "account_bans.lift": (
        "person.unban",
        lambda w: (account_bans.ban(user=w.bob, by=w.dora), account_bans.lift(user=w.bob, by=w.dora)),
    ),
    "accounts.deactivate": ("person.deactivate", lambda w: accounts.deactivate(user=w.bob, by=w.dora)),
    "accounts.delete": ("person.delete", lambda w: accounts.delete(user=w.charlie, by=w.dora)),
    "accounts.reactivate": (
        "person.reactivate",
        lambda w: (accounts.deactivate(user=w.bob, by=w.dora), accounts.reactivate(user=w.bob, by=w.dora)),
    ),
    "accounts.require_new_password": (
        "person.new_password",
        lambda w: accounts.require_new_password(user=w.bob, by=w.dora),
    ),
    "accounts.sign_out_everywhere": ("person.sign_out", lambda w: accounts.sign_out_everywhere(user=w.bob, by=w.dora)),
    "bans.ban_guest": ("guest.ban", lambda w: bans.ban_guest(guest_id="0" * 16, name="Amber Owl 1", by=w.dora)),
    "bans.ban_network": (
        "network.ban",
        lambda w: bans.ban_network(address="192.0.2.0/24", until=timezone.now() + LATER, by=w.dora),
    ),
    "added_by_staff.add": (
        "member.add",
        lambda w: added_by_staff.add(room=w.harbour, user=w.charlie, role="member", by=w.dora),
    ),
    "bans.lift": ("ban.lift", lambda w: bans.lift(ban=bans.ban_guest(guest_id="0" * 16, by=w.dora), by=w.dora)),
    "bulk_members.add": ("member.add", lambda w: bulk_members.add(room=w.harbour, text="@charlie", by=w.dora)),
    "bulk_members.add_users": (
        "member.add",
        lambda w: bulk_members.add_users(room=w.harbour, users=[w.charlie], by=w.dora),
    ),
    "custom_emoji.add": (
        "emoji.add",
        lambda w: custom_emoji.add(name="brewed", image=sample_files.picture("PNG"), by=w.dora),
    ),
    "custom_emoji.remove": (
        "emoji.remove",
        lambda w: (
            custom_emoji.add(name="brewed", image=sample_files.picture("PNG"), by=w.bob),
            custom_emoji.remove(name="brewed", by=w.dora),
        ),
    ),
    "default_rooms.choose": ("room.default", lambda w: default_rooms.choose(room=w.harbour, on=True, by=w.dora)),
    "erasing.begin": ("person.delete", lambda w: erasing.begin(user=w.bob, by=w.dora, words=False)),
    "filters.of_room.save": ("filter.create", lambda w: w.save_filter()),
    "filters.of_room.delete": (
        "filter.delete",
        lambda w: of_room.delete(room="harbour", by=w.alice, filter=w.save_filter()),
    ),
    "filters.stored.create": ("filter.create", lambda w: w.filter()),
    "filters.stored.change": ("filter.change", lambda w: stored.change(stored=w.filter(), by=w.dora, value="coffee")),
    "filters.stored.delete": ("filter.delete", lambda w: stored.delete(stored=w.filter(), by=w.dora)),
    "group_rooms.bind": (
        "room.groups",
        lambda w: group_rooms.bind(room=w.harbour, groups=[Group.objects.create(name="crew")], by=w.dora),
    ),
    "held.approve": ("message.approve", lambda w: held.approve(held=w.held(), by=w.alice)),
    "held.refuse": ("message.refuse", lambda w: held.refuse(held=w.held(), by=w.alice)),
    "invites.create": ("invite.create", lambda w: invites.create(by=w.dora, expires_at=timezone.now() + LATER)),
    "invites.create_link": ("invite.create", make_link),
    "invite_mails.invite_all": (
        "invite.create",
        lambda w: invite_mails.invite_all(
            addresses=["erin@example.net"], room=None, by=w.dora, expires_at=timezone.now() + LATER
        ),
    ),
    "invite_mails.send_again": ("invite.send_again", send_invite_again),
    "invites.revoke": (
        "invite.revoke",
        lambda w: invites.revoke(invite=invites.create(by=w.dora, expires_at=timezone.now() + LATER)[0], by=w.dora),
    ),
    "members.add": ("member.add", lambda w: members.add(room="harbour", by=w.alice, people=[w.charlie.pk])),
    "members.name_to_post": (
        "member.may_post",
        lambda w: members.name_to_post(room="harbour", by=w.alice, person=w.bob.pk, on=True),
    ),
    "members.remove": ("member.remove", lambda w: members.remove(room="harbour", by=w.alice, person=w.bob.pk)),
    "members.set_role": (
        "member.role",
        lambda w: members.set_role(room="harbour", by=w.alice, person=w.bob.pk, role="reader"),
    ),
    "merging.begin": ("person.merge", lambda w: merging.begin(user=w.bob, into=w.charlie, by=w.dora, reason="Twice")),
    "messages.delete": ("message.remove", lambda w: messages.delete(message=w.message(), by=w.alice)),
    "previews.removal.remove_preview": (
        "message.remove_preview",
        lambda w: removal.remove_preview(message=with_preview(w), by=w.alice, url="https://example.com/"),
    ),
    "person_mutes.mute": (
        "person.mute",
        lambda w: person_mutes.mute(
            target=Target(f"u:{w.bob.pk}", w.bob), by=w.alice, until=timezone.now() + LATER, room=w.harbour
        ),
    ),
    "person_mutes.mute_in_room": ("person.mute", members_mute),
    "person_mutes.end": ("person.unmute", lambda w: person_mutes.end(mute=w.mute(), by=w.alice)),
    "pins.pin": ("message.pin", lambda w: pins.pin(message=w.message(), by=w.alice, on=True)),
    "profiles.change": ("person.profile", lambda w: as_staff(w, profiles.change, title="Cook")),
    "profiles.set_status": ("person.profile", lambda w: as_staff(w, profiles.set_status, line="Away")),
    "profiles.remove_picture": (
        "person.profile",
        lambda w: (
            profiles.set_picture(user=w.bob, image=sample_files.picture()),
            as_staff(w, profiles.remove_picture),
        ),
    ),
    "removals.begin": (
        "words.remove",
        lambda w: (w.message(), removals.begin(user=w.bob, hours=1, by=w.dora)),
    ),
    "removals.begin_for_guest": (
        "words.remove",
        lambda w: removals.begin_for_guest(guest_id=w.guest(), hours=1, by=w.dora),
    ),
    "removals.undo": ("words.put_back", undo_removal),
    "removing.remove": ("message.remove", lambda w: removing.remove(message=w.message(), by=w.alice)),
    "removing.restore": ("message.restore", lambda w: removing.restore(message=w.removed(), by=w.alice)),
    "report_decisions.dismiss": (
        "report.dismiss",
        lambda w: report_decisions.dismiss(report=w.report(), by=w.alice),
    ),
    "report_decisions.remove": ("report.act", lambda w: report_decisions.remove(report=w.report(), by=w.alice)),
    "report_decisions.mute": (
        "report.act",
        lambda w: report_decisions.mute(report=w.report(), by=w.alice, minutes=5),
    ),
    "report_decisions.ban": ("report.act", lambda w: report_decisions.ban(report=w.report(), by=w.alice)),
    "report_decisions.write": (
        "report.write",
        lambda w: report_decisions.write(report=w.report(), by=w.alice, body="Thanks"),
    ),
    "restoring.restore": ("message.restore", delete_and_restore),
    "room_creation.create": ("room.create", lambda w: room_creation.create(by=w.alice, name="Pier")),
    "room_deletion.begin": ("room.delete", lambda w: room_deletion.begin(room=w.harbour, name="Harbour", by=w.dora)),
    "room_openings.open_room": (
        "room.open",
        lambda w: room_openings.open_room(place="harbour", by=w.dora, reason="Fire"),
    ),
    "room_settings.change": ("room.change", lambda w: room_settings.change(room="harbour", by=w.alice, topic="Fog")),
    "rooms.archive": ("room.archive", lambda w: rooms.archive(room=w.harbour, by=w.dora)),
    "rooms.change": ("room.change", lambda w: rooms.change(room=w.harbour, by=w.dora, name="Pier")),
    "rooms.create": ("room.create", lambda w: rooms.create(slug="pier", name="Pier", by=w.dora)),
    "rooms.disconnect": ("room.disconnect", lambda w: rooms.disconnect(room=w.harbour, by=w.dora)),
    "rooms.join": ("member.add", lambda w: rooms.join(room=w.harbour, user=w.charlie, by=w.dora)),
    "rooms.lift": ("member.lift", lambda w: rooms.lift(restriction=w.restriction(), by=w.dora)),
    "rooms.name_to_post": (
        "member.may_post",
        lambda w: rooms.name_to_post(room=w.harbour, user=w.bob, on=True, by=w.dora),
    ),
    "rooms.remove": ("member.remove", lambda w: rooms.remove(room=w.harbour, user=w.bob, by=w.dora)),
    "rooms.restore": (
        "room.restore",
        lambda w: (rooms.archive(room=w.harbour, by=w.dora), rooms.restore(room=w.harbour, by=w.dora)),
    ),
    "rooms.set_role": ("member.role", lambda w: rooms.set_role(room=w.harbour, user=w.bob, role="owner", by=w.dora)),
    "site_voice.announce": (
        "room.announce",
        lambda w: site_voice.announce(room=w.harbour, body="Fog", client_id=uuid.uuid4(), by=w.dora),
    ),
    "sites.allow": ("site.change", lambda w: sites.allow(who_invites="staff")),
    "sites.open_edit_history": ("site.change", lambda w: sites.open_edit_history(on=True)),
    "sites.rename": ("site.change", lambda w: sites.rename(name="Lighthouse")),
    "sites.set_up": (
        "site.set_up",
        lambda w: (w.unset(), sites.set_up(token=None, name="Tea", username="fred", password=PASSWORD)),
    ),
    "sites.show_link_previews": ("site.change", lambda w: sites.show_link_previews(on=False)),
    "sites.show_read_receipts": ("site.change", lambda w: sites.show_read_receipts(on=False)),
    "sites.tell_openings": ("site.change", lambda w: sites.tell_openings(on=False)),
}
"""Verbs of staff, moderators and owners: what is recorded, and a call."""

FOR_ONESELF = {
    *("accounts.accept_invite", "accounts.create", "accounts.prepare", "direct_rooms.find_or_make"),
    *("directory.search_people", "drafts.discard", "drafts.save", "forwarding.forward", "guests.rename"),
    *("held.withdraw", "members.leave", "members.set_notify", "messages.edit", "messages.react", "messages.render"),
    *("messages.tick", "passwords.request_reset", "polls.close", "polls.vote", "posting.post"),
    *("profiles.set_own_status", "profiles.set_picture", "reading.mark_unread", "reading.read"),
    *("reports.report_message", "reports.report_person", "rooms.join_public", "rooms.leave", "saved.save"),
    *("scheduled.cancel", "scheduled.change", "scheduled.schedule", "sidebar.favourite", "sidebar.fold"),
    *("sidebar.hide", "sidebar.mute", "sidebar.show", "thread_log.read_followed", "thread_log.read_thread"),
    *("threads.follow", "threads.mark_unread", "threads.read", "threads.unfollow"),
    *("uploads.append", "uploads.create", "uploads.progress", "uploads.terminate"),
}
"""What people do for themselves, whatever their role."""

PART_OF_OTHERS = {
    "account_bans.end": "a job, which records the end in the name of the site",
    "account_steps.go_on": "a job of a verb that was recorded",
    "account_work.begin": "part of verbs that record",
    "attachments.change": "part of others",
    "attachments.delete_unsent": "a job",
    "attachments.uploaded": "part of an upload",
    "default_rooms.join_all": "part of others",
    "files.processing.process": "a job",
    "files.text_reading.read": "a job",
    "passwords.enqueue_mails": "a job",
    "passwords.send_reset": "a job",
    "posting.post_from_outside": "part of verbs that write as the site",
    "previews.fetching.fetch": "a job",
    "profiles.forget": "part of the deletion of a person, which is recorded",
    "receipts.publish_hint": "part of others",
    "invite_mails.send": "a job",
    "rendering.render_older": "a job",
    "report_decisions.tell_reporter": "a job of a verb that was recorded",
    "room_deletion.delete_rest": "a job of a verb that was recorded",
    "room_openings.check_may_enter": "a check",
    "scheduled.send": "a job",
}
ELSEWHERE = {
    "group.create": "chat/tests/admin/test_rights.py",
    "group.change": "chat/tests/admin/test_rights.py",
    "group.delete": "chat/tests/admin/test_rights.py",
    "person.create": "chat/tests/admin/test_rights.py",
    "person.change": "chat/tests/admin/test_rights.py",
    "person.password": "chat/tests/admin/test_rights.py",
    "record.export": "chat/tests/admin/test_record.py",
    "job.run_again": "below",
    "message.unpin": "below",
}
"""What is recorded by pages of the admin, and by verbs that record two things: the test of it."""


def verbs() -> set[str]:
    """The functions of the domain with keyword-only parameters, by module and name."""
    found = set()
    for info in pkgutil.walk_packages(chat.domain.__path__, "chat.domain."):
        module = importlib.import_module(info.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            kinds = [one.kind for one in inspect.signature(function).parameters.values()]
            by_keyword = kinds and set(kinds) <= {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}
            if by_keyword and function.__module__ == info.name and not name.startswith("_"):
                found.add(f"{info.name.removeprefix('chat.domain.')}.{name}")
    return {verb for verb in found if not verb.startswith(NO_VERBS)}


NO_VERBS = ("backup.", "markdown.", "emoji.", "search.", "room_lists.", "annotations.", "serializers.", "record.")
"""Parts of the domain that change nothing of a site, or that an operator runs on its machine."""


def test_every_verb_is_in_one_table():
    tables = [set(RECORDED), FOR_ONESELF, set(PART_OF_OTHERS)]
    missing, unknown = verbs() - set.union(*tables), set.union(*tables) - verbs()
    assert not missing, (
        f"add {missing} to a table of this module: RECORDED, if staff, moderators or owners use it; else FOR_ONESELF or"
        " PART_OF_OTHERS"
    )
    assert not unknown, f"chat/domain has no verb {unknown}: remove it from the tables of this module"
    twice = [verb for verb in verbs() if sum(verb in table for table in tables) > 1]
    assert not twice, f"{twice} are in two tables of this module"


@pytest.fixture
def world(harbour, alice, bob, charlie, dora, settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return World(harbour, alice, bob, charlie, dora)


@pytest.mark.parametrize("verb", RECORDED)
def test_the_verb_is_recorded_once_with_who_did_it(world, verb):
    name, call = RECORDED[verb]
    call(world)
    row, *others = RecordedAction.objects.filter(verb=name).order_by("-pk")
    assert not [other for other in others if other.object_id == row.object_id], "recorded twice"
    if name != "site.change":
        assert row.actor_name in {"alice", "dora", "fred"}


def test_every_recorded_action_is_one_of_a_verb():
    tested = {name for name, _call in RECORDED.values()} | ELSEWHERE.keys()
    assert not tested - RECORDED_VERBS.keys(), (
        f"add {tested - RECORDED_VERBS.keys()} to RECORDED_VERBS in chat/domain/recorded_verbs.py"
    )
    assert not RECORDED_VERBS.keys() - tested, (
        f"no verb records {RECORDED_VERBS.keys() - tested}: add one to RECORDED here, or a test to ELSEWHERE"
    )


def test_a_message_that_is_not_pinned_any_more_is_recorded(world):
    pk = world.message()
    pins.pin(message=pk, by=world.bob, on=True)
    assert not RecordedAction.objects.filter(verb="message.pin").exists()
    pins.pin(message=pk, by=world.alice, on=False)
    assert RecordedAction.objects.get(verb="message.unpin").actor == world.alice.pk


def test_jobs_that_are_run_again_are_recorded(world):
    job = remove_old_jobs.enqueue()
    Job.objects.filter(pk=job.id).update(status="FAILED")
    acting.begin(world.dora, "")
    queue.run_again(Job.objects.all())
    acting.end()
    row = RecordedAction.objects.get(verb="job.run_again")
    assert (row.actor, row.object_id) == (world.dora.pk, str(job.id))


def test_what_people_do_for_themselves_is_not_recorded(world):
    """Their own message, their own profile, their own membership."""
    before = RecordedAction.objects.count()
    acting.begin(world.bob, "")
    messages.delete(message=world.message(), by=world.bob)
    profiles.change(user=world.bob, title="Cook")
    rooms.leave(room=world.harbour, user=world.bob)
    post_message(rooms.create(slug="pier", name="Pier", by=world.alice), world.bob, client_id=uuid.uuid4())
    acting.end()
    assert [row.verb for row in RecordedAction.objects.order_by("pk")[before:]] == ["room.create"]
