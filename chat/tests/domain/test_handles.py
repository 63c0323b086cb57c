"""Names are kept apart on every way to an account."""

import io
from threading import Barrier, Thread

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection

from chat.domain import accounts, handles, names
from chat.domain.errors import Invalid
from chat.models import NameKey
from chat.tests.cast import PASSWORD, person

pytestmark = pytest.mark.django_db
LOOK_ALIKES = ["ANN", "ａnn", "ΑΝΝ"]


@pytest.fixture
def ann():
    return person("ann")


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_a_name_that_looks_like_anns_is_taken(ann, name):
    with pytest.raises(Invalid) as refused:
        handles.clean(name)
    assert refused.value.field == "username"
    with pytest.raises(Invalid):
        accounts.create(username=name, password=PASSWORD)


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_code_that_saves_users_by_itself_meets_the_same_rule(ann, name):
    with pytest.raises(ValidationError):
        get_user_model().objects.create_user(name)
    assert get_user_model().objects.count() == 1


def test_createsuperuser_meets_the_same_rule(ann):
    with pytest.raises(CommandError, match="looks like it"):
        call_command("createsuperuser", username="ANN", email="", interactive=False, stdout=io.StringIO())
    with pytest.raises(CommandError, match="one script"):
        call_command("createsuperuser", username="bоss", email="", interactive=False, stdout=io.StringIO())
    call_command("createsuperuser", username="नरेंद्र", email="", interactive=False, stdout=io.StringIO())
    assert get_user_model().objects.filter(username="नरेंद्र", is_superuser=True).exists()


def test_a_name_that_is_given_up_is_free_again(ann):
    ann.username = "anna"
    ann.save()
    assert handles.clean("ANN") == "ANN"
    with pytest.raises(Invalid):
        handles.clean("Anna")


def test_whoever_goes_takes_their_name_along(ann):
    ann.delete()
    assert not NameKey.objects.exists()
    assert handles.clean("ann") == "ann"


def test_ann_changes_what_is_not_her_name(ann, django_assert_num_queries):
    ann.email = "ann@example.org"
    ann.save()
    with django_assert_num_queries(1):
        ann.save(update_fields=["last_login"])


@pytest.mark.parametrize("name", ["a.l.l", "а11", "ａll", "GUEST", "everyοne".replace("ο", "o")])
def test_a_word_for_many_people_is_nobodys_name(name):
    with pytest.raises(Invalid):
        handles.clean(name)


def test_a_person_without_keys_keeps_their_name_all_the_same():
    get_user_model().objects.bulk_create([get_user_model()(username="ann")])
    with pytest.raises(Invalid):
        handles.clean("ANN")


def test_a_person_without_keys_gets_them_by_signing_in(client):
    (ann,) = get_user_model().objects.bulk_create([get_user_model()(username="ann")])
    client.force_login(ann)
    assert set(ann.name_keys.values_list("key", flat=True)) == names.keys("ann")


def test_two_who_were_here_before_the_rule_both_stay(ann):
    get_user_model().objects.bulk_create([get_user_model()(username="аnn", email="a@example.org")])
    old = get_user_model().objects.get(username="аnn")
    old.email = "other@example.org"
    old.save()
    old.refresh_from_db()
    assert old.email == "other@example.org"


@pytest.mark.django_db(transaction=True)
def test_of_two_look_alikes_at_the_same_moment_one_is_made():
    accounts_made, refused = [], []
    newcomers = [accounts.prepare(username=name, password=PASSWORD) for name in ("ann", "ANN", "Ann", "ΑΝΝ")]
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
    assert get_user_model().objects.count() == 1
