"""`manage.py restore` accepts backups of the last commit before the site had its own user model.

`former.backup` was made by that commit (557363e), on SQLite, from the site of `rows.live` with three more users: `Ian`
with a password and a first name, `Zoë` without a name key, and `аlice` with a Cyrillic а, from before there were rules
for names. Bob has the permission to change users.
"""

import uuid
from pathlib import Path

import pytest

from chat.tests.services.site import Site

FORMER = Path(__file__).with_name("former.backup")


@pytest.fixture(scope="module", params=[None, True], ids=["sqlite", "postgresql"])
def restored(new_site, request) -> Site:
    """A site that was only migrated, and then restored from the former backup."""
    site = new_site(with_users=False, postgres=request.param)
    site.manage("restore", str(FORMER))
    yield site.start()
    site.stop()


def test_users_keep_their_names_and_roles(restored):
    found = restored.call(users_and_roles)
    assert list(found) == ["admin", "alice", "bob", "charlie", "Ian", "аlice", "Zoë"]
    assert found["admin"] == [1, "admin@example.com", True, False]
    assert found["Ian"] == [5, "ian@example.org", False, False]


def test_what_belongs_to_users_is_found_under_the_new_model(restored):
    assert restored.call(what_belongs_to_users) == {
        "permissions": ["admin.view_logentry", "people.change_user"],
        "groups": ["helpers"],
        "group permissions": ["brew", "change_room"],
        "log": ["chat.Room", "people.User"],
        "texts": [
            ["Tea, **now**? @bob", "alice", ""],
            ["Yes", "bob", ""],
            ["Hello", None, "Amber Badger 100"],
            ["only us", "alice", ""],
            ["", "bob", ""],
        ],
        "mentions": [["bob", "Tea, **now**? @bob"]],
        "read": 2,
        "restrictions": ["banned"],
        "bans": ["Amber Owl 10"],
        "own keys": ["admin", "alice", "bob", "charlie", "Ian", "Zoë"],
    }


def test_names_of_restored_users_are_taken(restored):
    assert restored.call(free_names, names=["lan", "ZOË", "a1ice", "ian", "zoe", "erin"]) == ["zoe", "erin"]


@pytest.mark.parametrize("name", ["Ian", "ian", "alice"])
def test_people_sign_in_with_their_password(restored, name):
    assert "/rooms/lobby/" in restored.visitor(name).get("/").text


def test_new_users_and_messages_get_new_numbers(restored):
    assert restored.call(post_as_a_new_user) == {"user": 8, "mentioned": [2]}


def test_a_restored_site_can_be_backed_up_and_restored_again(restored, new_site, tmp_path):
    restored.manage("backup", "--portable", str(tmp_path / "backup"))
    site = new_site(with_users=False)
    site.manage("restore", str(tmp_path / "backup"))
    assert site.call(what_belongs_to_users) == restored.call(what_belongs_to_users)
    site.stop()


# --- Within the site


def users_and_roles() -> dict[str, list]:
    """Key, e-mail address and roles of each user."""
    from project.people.models import User

    return {user.handle: [user.pk, user.email, user.is_superuser, user.is_bot] for user in User.objects.all()}


def what_belongs_to_users() -> dict[str, list]:
    """Permissions, log entries, messages and other rows that name a user."""
    from django.contrib.admin.models import LogEntry
    from django.contrib.auth.models import Group

    from chat.domain import names
    from chat.models import GuestBan, Membership, Mention, Message, Restriction
    from project.people.models import User

    bob = User.objects.get(handle="bob")
    return {
        "permissions": sorted(bob.get_user_permissions()),
        "groups": [group.name for group in bob.groups.all()],
        "group permissions": sorted(Group.objects.get().permissions.values_list("codename", flat=True)),
        "log": [str(entry.content_type.model_class()._meta.label) for entry in LogEntry.objects.order_by("pk")],
        "texts": list(Message.objects.order_by("pk").values_list("text", "author__handle", "guest_name")),
        "mentions": list(Mention.objects.values_list("user__handle", "message__text")),
        "read": Membership.objects.get(room__slug="tea", user=bob).read_seq,
        "restrictions": list(Restriction.objects.values_list("kind", flat=True)),
        "bans": list(GuestBan.objects.values_list("guest_name", flat=True)),
        "own keys": [
            user.handle
            for user in User.objects.order_by("pk")
            if (user.handle_key, user.handle_look) == (names.key(user.handle), names.look_key(user.handle))
        ],
    }


def free_names(names: list[str]) -> list[str]:
    """Those of the names that a new user may take."""
    from chat.domain import handles
    from chat.domain.errors import Invalid

    def is_free(name: str) -> bool:
        try:
            handles.clean(name)
        except Invalid:
            return False
        return True

    return [name for name in names if is_free(name)]


def post_as_a_new_user() -> dict:
    """A new user mentions Alice. Rolled back, because the tests of this module share the site."""
    from django.db import transaction

    from chat.domain import accounts, messages

    with transaction.atomic():
        erin = accounts.create(username="erin", password="correct horse battery")
        message = messages.post(room="lobby", author=erin, body="Hi @Alice", client_id=uuid.uuid4())
        transaction.set_rollback(True)
        return {"user": erin.pk, "mentioned": message.mentions["people"]}
