"""Two accounts of one person are merged: everything of the first becomes the second's."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from chat.domain import (
    access,
    account_steps,
    accounts,
    activity,
    direct_rooms,
    drafts,
    invites,
    merging,
    message_changes,
    messages,
    pins,
    polls,
    rooms,
    saved,
    scheduled,
    timeline,
)
from chat.domain.errors import Forbidden, Invalid, NotFound
from chat.models import (
    AccountWork,
    Attachment,
    Draft,
    Invite,
    Membership,
    Mention,
    Message,
    PersonMute,
    PollVote,
    RecordedAction,
    Restriction,
    Room,
    SavedMessage,
    ScheduledMessage,
    ThreadFollow,
    UserActivity,
)
from chat.tests.attached import attach
from chat.tests.cast import person
from chat.tests.running_jobs import run_jobs
from chat.tests.talk import frames, head, post_message, post_poll

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_folder")]


@pytest.fixture
def bobby(db):
    """Bob's other account."""
    return person("bobby")


def merge(bob, bobby, dora) -> AccountWork:
    """Merge Bob's old account into `bobby`."""
    work = merging.begin(user=bob, into=bobby, by=dora, reason="Both are his")
    run_jobs(also_later=True)
    work.refresh_from_db()
    assert work.state == "done"
    return work


def shown(message):
    return messages.serialized(Message.objects.for_serialization().get(pk=getattr(message, "pk", message)))


def test_messages_become_those_of_the_other_account(harbour, alice, bob, bobby, dora, capture_published):
    said = post_message(harbour, bob, "Ahoy @bob")
    attach(said, b"Ahoy there", "notes.txt")
    answer = post_message(harbour, alice, "Aye", reply_to=said.pk)
    merging.begin(user=bob, into=bobby, by=dora, reason="Both are his")
    before = head(harbour)
    with capture_published() as envelopes:
        run_jobs()
    assert shown(said).author.id == bobby.pk
    assert f'data-person="{bobby.pk}"' in shown(said).html
    assert shown(said).mentions.people == [bobby.pk]
    assert shown(answer).quote.author.id == bobby.pk
    file = Attachment.objects.get()
    assert (file.uploader, file.sender_key) == (bobby, f"u:{bobby.pk}")
    events = [frame for frame in frames(envelopes) if frame["type"] == "message"]
    assert [event["message"]["author"]["id"] for event in events if event["message"]["id"] == said.pk][-1] == bobby.pk
    assert all(event["version"] > before for event in events)
    # He can edit what he wrote with the first account.
    messages.edit(message=said.pk, by=bobby, body="Ahoy, all")


def test_the_counts_of_both_accounts_are_added_and_the_later_times_stay(harbour, bob, bobby, dora):
    for user, number in ((bob, 2), (bobby, 1)):
        for _ in range(number):
            post_message(harbour if user == bob else direct_rooms.find_or_make(people=[dora.pk], by=user), user, "Ahoy")
    activity.count_new()
    now = timezone.now()
    activity.note_seen({bob.pk: now, bobby.pk: now - timedelta(days=1)})
    merge(bob, bobby, dora)
    row = UserActivity.objects.get(user=bobby)
    assert (row.messages, row.seen_at) == (3, now)
    assert not UserActivity.objects.filter(user=bob).exists()
    # What the job counts later is not counted twice.
    activity.count_new()
    assert UserActivity.objects.get(user=bobby).messages == 3


def test_the_first_account_is_closed_at_once_and_ends_at_last(harbour, bob, bobby, dora):
    post_message(harbour, bob)
    work = merging.begin(user=bob, into=bobby, by=dora, reason="Both are his")
    bob.refresh_from_db()
    assert (bob.is_active, bob.handle) == (False, "bob")
    run_jobs()
    bob.refresh_from_db()
    assert accounts.is_deleted(bob)
    assert (work.name, RecordedAction.objects.get(verb="person.merge").after) == ("bob", {"into": "bobby"})
    assert person("bob").pk != bob.pk


def test_memberships_are_joined_with_the_higher_role(harbour, garden, alice, bob, bobby, dora):
    rooms.set_role(room=harbour, user=bob, role="moderator")
    rooms.join(room=harbour, user=bobby)
    pier = rooms.create(slug="pier", name="Pier", kind="private", by=bob)
    merge(bob, bobby, dora)
    roles = dict(Membership.objects.filter(user=bobby).values_list("room__slug", "role"))
    assert roles == {"harbour": "moderator", "garden": "member", "pier": "owner"}
    assert not Membership.objects.filter(user=bob).exists()
    assert access.get_visible(bobby, pier.slug).my_role == "owner"


def test_a_restriction_is_not_escaped_by_a_merge(harbour, garden, bob, bobby, dora):
    rooms.remove(room=garden, user=bob)
    rooms.join(room=harbour, user=bobby)
    rooms.remove(room=harbour, user=bobby)
    merge(bob, bobby, dora)
    assert not Membership.objects.filter(user=bobby).exists()
    kinds = dict(Restriction.objects.filter(user=bobby).values_list("room__slug", "kind"))
    assert kinds == {"garden": "banned", "harbour": "banned"}
    with pytest.raises(NotFound):
        access.get_visible(bobby, "harbour")


def test_mentions_reactions_votes_and_pins_move_once(harbour, alice, bob, bobby, dora):
    rooms.join(room=harbour, user=bobby)
    both = post_message(harbour, alice, "Hi @bob and @bobby")
    one = post_message(harbour, alice, "And @bob")
    for user, emoji in ((bob, "👋"), (bobby, "👋"), (bob, "🎉")):
        messages.react(message=both.pk, by=user, emoji=emoji, on=True)
    pins.pin(message=both.pk, by=bob, on=True)
    poll, other = post_poll(harbour, alice), post_poll(harbour, alice)
    polls.vote(message=poll, by=bob, options=[0])
    polls.vote(message=poll, by=bobby, options=[1])
    polls.vote(message=other, by=bob, options=[2])
    merge(bob, bobby, dora)
    assert sorted(Mention.objects.values_list("message", "user")) == [(both.pk, bobby.pk), (one.pk, bobby.pk)]
    assert shown(both).mentions.people == [bobby.pk]
    assert [(reaction.emoji, reaction.count) for reaction in shown(both).reactions] == [("👋", 1), ("🎉", 1)]
    assert shown(both).pinned.by.id == bobby.pk
    assert sorted(PollVote.objects.values_list("message", "user", "option")) == [
        (poll, bobby.pk, 1),
        (other, bobby.pk, 2),
    ]
    assert (shown(poll).poll.voters, shown(other).poll.options[2].people[0].id) == (1, bobby.pk)


def test_threads_keep_their_people_and_followers(harbour, alice, bob, bobby, dora):
    root = post_message(harbour, alice, "Root")
    post_message(harbour, bob, "Reply", thread=root.pk)
    post_message(harbour, alice, "Another", thread=root.pk)
    merge(bob, bobby, dora)
    assert shown(root).replies.people == [alice.pk, bobby.pk]
    assert ThreadFollow.objects.get(root=root, user=bobby).unread_from is not None
    assert not ThreadFollow.objects.filter(user=bob).exists()


def test_saved_messages_drafts_scheduled_ones_and_invites_move(harbour, alice, bob, bobby, dora):
    rooms.join(room=harbour, user=bobby)
    first, second = post_message(harbour, alice), post_message(harbour, alice)
    for user, message in ((bob, first), (bobby, first), (bob, second)):
        saved.save(message=message.pk, user=user, on=True)
    for user in (bob, bobby):
        drafts.save(room="harbour", user=user, body=f"{user} writes", client_id=uuid4())
    later = timezone.now() + timedelta(days=1)
    scheduled.schedule(room="harbour", author=bob, body="Later", client_id=uuid4(), at=later)
    invite, _token = invites.create(by=bob, expires_at=later)
    merge(bob, bobby, dora)
    assert list(SavedMessage.objects.order_by("message").values_list("message", "user")) == [
        (first.pk, bobby.pk),
        (second.pk, bobby.pk),
    ]
    assert Draft.objects.get().body == "bobby writes"
    assert ScheduledMessage.objects.get().user == bobby
    assert Invite.objects.get(pk=invite.pk).created_by == bobby


def test_a_direct_room_is_taken_over(alice, bob, bobby, dora, set_up_site, capture_published):
    room = direct_rooms.find_or_make(people=[alice.pk], by=bob)
    said = post_message(room, bob, "between us")
    merging.begin(user=bob, into=bobby, by=dora, reason="Both are his")
    with capture_published() as envelopes:
        run_jobs()
    assert direct_rooms.find_or_make(people=[alice.pk], by=bobby) == room
    assert shown(said).author.id == bobby.pk
    state = next(each for each in timeline.rooms_of(alice) if each.slug == room.slug)
    assert {each.id for each in state.people} == {alice.pk, bobby.pk}
    added = [frame for frame in frames(envelopes) if frame["type"] == "room_added"]
    assert {each["id"] for each in added[-1]["state"]["people"]} == {alice.pk, bobby.pk}


def test_of_two_direct_rooms_with_the_same_people_the_first_is_archived(alice, bob, bobby, dora, set_up_site):
    old, new = (direct_rooms.find_or_make(people=[alice.pk], by=by) for by in (bob, bobby))
    said = post_message(old, bob, "long ago")
    between = direct_rooms.find_or_make(people=[bobby.pk], by=bob)
    merge(bob, bobby, dora)
    assert direct_rooms.find_or_make(people=[alice.pk], by=bobby) == new
    old.refresh_from_db()
    assert old.archived_at is not None
    assert {room.slug for room in Room.objects.visible_to(bobby)} == {old.slug, new.slug, between.slug}
    assert {room.slug for room in Room.objects.visible_to(alice)} == {old.slug, new.slug}
    assert shown(said).author.id == bobby.pk
    # What both accounts wrote to each other became notes to oneself.
    assert direct_rooms.find_or_make(people=[bobby.pk], by=bobby) == between


def test_rights_are_not_merged_and_the_journal_of_the_admin_stays(harbour, bob, bobby, dora):
    type(bob).objects.filter(pk=bob.pk).update(is_staff=True)
    kind = ContentType.objects.get_for_model(harbour)
    LogEntry.objects.create(user=bob, content_type=kind, object_id="1", object_repr="Harbour", action_flag=CHANGE)
    merge(bob, bobby, dora)
    bobby.refresh_from_db()
    assert not bobby.is_staff
    assert LogEntry.objects.get().user_id == bob.pk


def test_a_merge_that_died_is_continued(harbour, alice, bob, bobby, dora, monkeypatch):
    for number in range(3):
        post_message(harbour, bob, str(number))
    work = merging.begin(user=bob, into=bobby, by=dora, reason="Both are his")
    save, calls = message_changes.save_changed, []

    def dies(*arguments, **columns):
        calls.append(columns)
        if len(calls) == 2:
            raise RuntimeError("The worker is killed.")
        save(*arguments, **columns)

    monkeypatch.setattr(message_changes, "save_changed", dies)
    with pytest.raises(RuntimeError):
        account_steps.go_on(work=work.pk)
    assert Message.objects.filter(author=bob).count() == 2
    for _again in range(2):
        assert account_steps.go_on(work=work.pk) is False
    assert Message.objects.filter(author=bobby, sender_key=f"u:{bobby.pk}").count() == 3
    assert AccountWork.objects.get().state == "done"


def test_accounts_that_have_used_the_same_client_id_can_be_merged(harbour, bob, bobby, dora):
    rooms.join(room=harbour, user=bobby)
    same = uuid4()
    for user in (bob, bobby):
        post_message(harbour, user, client_id=same)
    merge(bob, bobby, dora)
    assert Message.objects.filter(author=bobby).count() == 2


def test_nothing_refers_to_the_first_account_but_what_stays(harbour, alice, bob, bobby, dora):
    """Also of models that are added later: a new foreign key to users is moved, or listed in STAYS."""
    post_message(harbour, alice, "Hi @bob")
    messages.delete(message=post_message(harbour, bob).pk, by=bob)
    merge(bob, bobby, dora)
    left = {
        field.model._meta.label
        for field in merging.references()
        if field.model._base_manager.filter(**{field.name: bob.pk}).exists()
    }
    assert left <= merging.STAYS


def test_what_may_not_be_merged_is_refused(harbour, bob, bobby, dora):
    erin, root = person("erin", is_staff=True), person("root", is_staff=True, is_superuser=True)
    closed = person("closed", is_active=False)
    refused = [
        (bob, bobby, erin, "x", Forbidden),
        (root, bobby, erin, "x", Forbidden),
        (dora, bobby, dora, "x", Forbidden),
        (bob, dora, dora, "x", Forbidden),
        (bob, bob, dora, "x", Invalid),
        (bob, closed, dora, "x", Invalid),
        (bob, bobby, dora, " ", Invalid),
    ]
    for user, into, by, reason, error in refused:
        with pytest.raises(error):
            merging.begin(user=user, into=into, by=by, reason=reason)
    assert not AccountWork.objects.exists()
    merging.begin(user=bob, into=bobby, by=dora, reason="x")
    for user, into in ((bob, bobby), (bobby, erin), (erin, bobby)):
        with pytest.raises(Forbidden):
            merging.begin(user=user, into=into, by=dora, reason="again")
    gone = person("gone")
    type(gone).objects.get(pk=gone.pk).delete()
    with pytest.raises(NotFound):
        merging.begin(user=gone, into=erin, by=dora, reason="x")


def test_a_mute_is_not_escaped_by_a_merge(harbour, bob, bobby, dora):
    until = timezone.now() + timedelta(days=1)
    PersonMute.objects.create(user=bob, sender_key=f"u:{bob.pk}", room=harbour, until=until, made_at=timezone.now())
    merge(bob, bobby, dora)
    mute = PersonMute.objects.get()
    assert (mute.user, mute.sender_key) == (bobby, f"u:{bobby.pk}")
