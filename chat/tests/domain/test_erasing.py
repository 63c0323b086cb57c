"""The account of a person who spoke is deleted: they become “Deleted person”."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone

from chat.dispatch.envelope import ACCOUNT_CHANGED
from chat.domain import (
    accounts,
    direct_rooms,
    display_names,
    drafts,
    erasing,
    handles,
    invites,
    messages,
    pins,
    polls,
    profiles,
    saved,
    scheduled,
    sidebar,
)
from chat.domain.errors import Forbidden, Invalid, NotFound
from chat.models import (
    AccountWork,
    Attachment,
    Draft,
    Invite,
    Membership,
    Message,
    PollVote,
    Profile,
    Reaction,
    RecordedAction,
    Revision,
    SavedMessage,
    ScheduledMessage,
    Session,
    Sidebar,
)
from chat.tests.attached import attach
from chat.tests.cast import person
from chat.tests.running_jobs import run_jobs
from chat.tests.talk import frames, post_message, post_poll

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_folder")]
SECRETS = ("bob", "Robert", "Captain", "Sailing")


@pytest.fixture
def life(harbour, garden, alice, bob, client):
    """Bob's traces of every kind; the messages by name."""
    client.force_login(bob)
    profiles.change(user=bob, display_name="Robert", title="Captain", time_zone="Europe/Zurich")
    profiles.set_status(user=bob, line="Sailing")
    made = {"said": post_message(harbour, bob, "Ahoy"), "hers": post_message(harbour, alice, "Hi @bob")}
    attach(made["said"], b"Ahoy there", "notes.txt")
    messages.edit(message=made["said"].pk, by=bob, body="Ahoy, all")
    messages.react(message=made["hers"].pk, by=bob, emoji="👋", on=True)
    pins.pin(message=made["hers"].pk, by=bob, on=True)
    poll = post_poll(harbour, alice)
    polls.vote(message=poll, by=bob, options=[1])
    made["poll"] = Message.objects.get(pk=poll)
    made["direct"] = post_message(direct_rooms.find_or_make(people=[alice.pk], by=bob), bob, "between us")
    saved.save(message=made["hers"].pk, user=bob, on=True)
    drafts.save(room="harbour", user=bob, body="half", client_id=uuid4())
    later = timezone.now() + timedelta(days=1)
    scheduled.schedule(room="harbour", author=bob, body="Later", client_id=uuid4(), at=later)
    sidebar.fold(section="rooms", user=bob, on=True)
    invites.create(by=bob, expires_at=later)
    bob.groups.add(Group.objects.create(name="crew"))
    bob.user_permissions.add(Permission.objects.first())
    return made


def author_of(message) -> tuple[str, str]:
    stored = Message.objects.for_serialization().get(pk=message.pk)
    author = messages.serialized(stored).author
    return (author.name, stored.text)


@pytest.mark.parametrize("words", [False, True], ids=["the words stay", "the words go"])
def test_everything_personal_is_gone(life, bob, dora, words):
    erasing.begin(user=bob, by=dora, words=words, reason="Asked for it")
    assert "accounts.go_on" in run_jobs()
    bob = type(bob).objects.get(pk=bob.pk)
    assert (bob.handle, bob.email, bob.is_active) == (f"deleted-{bob.pk}", "", False)
    assert accounts.is_deleted(bob)
    assert not bob.groups.exists()
    assert not bob.user_permissions.exists()
    assert not Session.objects.filter(user=bob).exists()
    for model in (Draft, SavedMessage, ScheduledMessage, Sidebar):
        assert not model.objects.filter(user=bob).exists(), model
    assert not Invite.objects.filter(created_by=bob).exists()
    assert list(Membership.objects.filter(user=bob).values_list("room__kind", flat=True)) == ["direct"]
    profile = Profile.objects.filter(user=bob).values().get()
    assert profile["display_name"] == "Deleted person"
    columns = [profile, *Message.objects.values("pinned", "poll"), *AccountWork.objects.values()]
    columns += Profile.objects.exclude(user=bob).values()
    for secret in SECRETS:
        assert secret not in str(columns)
    # The record keeps the handle as a plain name, and nothing else.
    assert not [
        name for name in SECRETS[1:] if name in str(list(RecordedAction.objects.exclude(actor=bob.pk).values()))
    ]


def test_the_words_stay_under_another_name(life, bob, dora):
    erasing.begin(user=bob, by=dora, words=False)
    run_jobs()
    assert author_of(life["said"]) == ("Deleted person", "Ahoy, all")
    assert author_of(life["direct"]) == ("Deleted person", "between us")
    hers = messages.serialized(Message.objects.for_serialization().get(pk=life["hers"].pk))
    assert [each.name for each in hers.reactions[0].people] == ["Deleted person"]
    assert hers.pinned.by.name == "Deleted person"
    assert Message.objects.get(pk=life["poll"].pk).poll["options"][1]["people"] == [
        {"id": bob.pk, "name": "Deleted person"}
    ]
    assert Attachment.objects.get().expires_at is None
    assert AccountWork.objects.get().state == "done"


def test_the_words_go_with_former_texts_files_reactions_and_votes(life, bob, dora):
    erasing.begin(user=bob, by=dora, words=True)
    run_jobs()
    assert author_of(life["said"]) == ("Deleted person", "")
    assert author_of(life["direct"]) == ("Deleted person", "")
    assert Attachment.objects.get().expires_at < timezone.now() + timedelta(minutes=5)
    assert not Message.objects.get(pk=life["said"].pk).removed
    assert not Revision.objects.exists()
    assert not Reaction.objects.exists()
    assert not PollVote.objects.exists()
    assert Message.objects.get(pk=life["poll"].pk).poll["voters"] == 0
    # What others wrote stays.
    assert author_of(life["hers"]) == ("alice", "Hi @bob")


def test_others_are_told_at_once(life, bob, dora, capture_published):
    with capture_published() as envelopes:
        erasing.begin(user=bob, by=dora, words=False)
    people = [frame["person"] for frame in frames(envelopes) if frame["type"] == "person"]
    assert people[-1]["name"] == "Deleted person"
    assert people[-1]["id"] == bob.pk
    assert bob.pk in [user for envelope in envelopes if envelope.kind == ACCOUNT_CHANGED for user in envelope.users]


def test_the_handle_is_free_for_somebody_else(harbour, bob, dora):
    post_message(harbour, bob)
    erasing.begin(user=bob, by=dora, words=False)
    assert person("bob").pk != bob.pk


def test_nobody_calls_themselves_deleted_person(bob):
    for name in ("Deleted person", "deleted PERSON", "deleted-12"):
        with pytest.raises(Invalid):
            display_names.clean(name, owner=bob)
    for name in ("deleted-12", "Deleted.Person"):
        with pytest.raises(Invalid):
            handles.clean(name)
    assert handles.clean("deleter") == "deleter"


def test_a_deleted_account_cannot_be_deleted_or_reactivated_again(harbour, bob, dora):
    post_message(harbour, bob)
    erasing.begin(user=bob, by=dora, words=False)
    for again in (
        lambda: erasing.begin(user=bob, by=dora, words=True),
        lambda: accounts.reactivate(user=bob, by=dora),
    ):
        with pytest.raises(Forbidden):
            again()
    assert AccountWork.objects.count() == 1


def test_nobody_deletes_themselves_the_last_admin_or_a_superuser_as_staff(dora):
    erin, root = person("erin", is_staff=True), person("root", is_superuser=True)
    for user, by in ((dora, dora), (dora, erin), (dora, root)):
        with pytest.raises(Forbidden):
            erasing.begin(user=user, by=by, words=False)
    assert type(dora).objects.get(pk=dora.pk).handle == "dora"


def test_an_account_that_is_gone_is_an_error(bob, dora):
    type(bob).objects.get(pk=bob.pk).delete()
    with pytest.raises(NotFound):
        erasing.begin(user=bob, by=dora, words=False)


def test_an_old_cookie_opens_nothing(life, bob, dora):
    browser = Client()
    browser.force_login(bob)
    erasing.begin(user=bob, by=dora, words=False)
    assert "_auth_user_id" not in browser.session
