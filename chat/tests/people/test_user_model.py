"""The site's user model: no two handles look alike, whoever saves users."""

import io
from threading import Barrier, Thread

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import authenticate, get_user_model
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from chat.domain import accounts, handles, names
from chat.domain.errors import Invalid
from chat.tests.cast import PASSWORD, person
from project.people.models import User

pytestmark = pytest.mark.django_db
LOOK_ALIKES = ["ANN", "ａnn", "ΑΝΝ"]


@pytest.fixture
def ann():
    return person("ann")


def test_it_is_the_user_model_of_the_site():
    assert get_user_model() is User


@pytest.mark.parametrize("handle", LOOK_ALIKES)
def test_create_user_refuses_a_handle_that_looks_like_anns(ann, handle):
    with pytest.raises(ValidationError):
        User.objects.create_user(handle)
    assert User.objects.count() == 1


@pytest.mark.parametrize("handle", ["ann", *LOOK_ALIKES])
def test_the_database_refuses_a_handle_that_looks_like_anns(ann, handle):
    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(handle=handle)])


@pytest.mark.parametrize("handle", LOOK_ALIKES)
def test_a_form_reports_a_handle_that_looks_like_anns_at_its_field(ann, handle):
    with pytest.raises(ValidationError) as refused:
        User(handle=handle, password="!").full_clean()
    assert handles.TAKEN in refused.value.message_dict["handle"]


@pytest.mark.parametrize("handle", ["", "a nn", "ann.", "everyone", "Amber-Fox-42", "bоss"])
def test_a_form_refuses_a_handle_that_breaks_a_rule(handle):
    with pytest.raises(ValidationError) as refused:
        User(handle=handle, password="!").full_clean()
    assert set(refused.value.message_dict) == {"handle"}


def test_createsuperuser_follows_the_same_rules(ann):
    with pytest.raises(CommandError, match="already taken"):
        call_command("createsuperuser", handle="ANN", email="", interactive=False, stdout=io.StringIO())
    with pytest.raises(CommandError, match="looks like it"):
        call_command("createsuperuser", handle="ΑΝΝ", email="", interactive=False, stdout=io.StringIO())
    with pytest.raises(CommandError, match="one script"):
        call_command("createsuperuser", handle="bоss", email="", interactive=False, stdout=io.StringIO())
    call_command("createsuperuser", handle="नरेंद्र", email="", interactive=False, stdout=io.StringIO())
    assert User.objects.filter(handle="नरेंद्र", is_superuser=True, is_staff=True, is_bot=False).exists()


def test_a_handle_that_is_given_up_is_free_again(ann):
    ann.handle = "anna"
    ann.save(update_fields=["handle"])
    assert handles.clean("ANN") == "ANN"
    with pytest.raises(Invalid):
        handles.clean("Anna")


def test_ann_changes_the_case_of_her_handle(ann):
    ann.handle = "Ann"
    ann.full_clean()
    ann.save()
    ann.refresh_from_db()
    assert (ann.handle, ann.handle_key, ann.handle_look) == ("Ann", names.key("ann"), names.look_key("Ann"))


def test_ann_cannot_rename_herself_to_what_looks_like_bob(ann):
    person("bob")
    ann.handle = "B0B"
    with pytest.raises(ValidationError):
        ann.save()
    ann.refresh_from_db()
    assert ann.handle == "ann"


def test_an_update_of_other_columns_asks_nothing_about_the_handle(ann, django_assert_num_queries):
    with django_assert_num_queries(1):
        ann.save(update_fields=["last_login"])


def test_a_restored_user_whose_handle_looks_like_anns_keeps_it_and_can_be_saved(ann):
    (old,) = User.objects.bulk_create([User(handle="someone")])
    User.objects.filter(pk=old.pk).update(handle="аnn")  # A Cyrillic а.
    old.refresh_from_db()
    old.email = "old@example.org"
    old.full_clean(exclude=["handle", "password"])
    old.save()
    old.refresh_from_db()
    assert (old.handle, old.email) == ("аnn", "old@example.org")


@pytest.mark.parametrize("typed", ["erin", "Erin", "ERIN", "ｅrin"])
def test_erin_signs_in_whatever_the_case(typed):
    erin = person("Erin", password=PASSWORD)
    assert authenticate(username=typed, password=PASSWORD) == erin
    assert authenticate(username=typed, password="wrong") is None


def test_async_code_finds_erin_too():
    erin, find = person("Erin"), async_to_sync(User.objects.aget_by_natural_key)
    assert find("erin") == erin
    with pytest.raises(User.DoesNotExist):
        find("eric")


def test_a_password_like_the_handle_is_refused():
    with pytest.raises(Invalid) as refused:
        accounts.create(username="erin-the-first", password="erin-the-first")
    assert refused.value.field == "password"


@pytest.mark.django_db(transaction=True)
def test_of_four_look_alikes_at_the_same_moment_one_is_made():
    accounts_made, refused = [], []
    newcomers = [accounts.prepare(username=name, password=PASSWORD) for name in ("ann", *LOOK_ALIKES[:2], "ΑΝΝ")]
    start = Barrier(len(newcomers))

    def make(newcomer):
        start.wait()
        try:
            accounts_made.append(accounts.make(newcomer))
        except Invalid as error:
            refused.append(error.field)
        finally:
            connection.close()

    threads = [Thread(target=make, args=(newcomer,)) for newcomer in newcomers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(accounts_made), refused) == (1, ["username"] * 3)
    assert User.objects.count() == 1
