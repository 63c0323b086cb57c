"""Which names users may have, with any user model."""

import pytest

from chat.domain import accounts, handles
from chat.domain.errors import Invalid
from chat.tests.cast import PASSWORD, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    return person("ann")


@pytest.mark.parametrize("name", ["ann", "ANN", "ａnn", "ΑΝΝ"])
def test_a_name_that_looks_like_anns_is_taken(ann, name):
    with pytest.raises(Invalid) as refused:
        handles.clean(name)
    assert refused.value.field == "username"
    with pytest.raises(Invalid):
        accounts.create(username=name, password=PASSWORD)


def test_ann_may_keep_her_own_name(ann):
    assert handles.clean("Ann", exclude=ann) == "Ann"


# “Ian” looks like “lan” as written, and in lower case like “ιΑΝ”.
@pytest.mark.parametrize(("there", "name"), [("lan", "Ian"), ("Ian", "lan"), ("Ian", "ιΑΝ"), ("ιΑΝ", "Ian")])
def test_a_name_is_refused_if_it_looks_like_another_in_any_case(there, name):
    person(there)
    with pytest.raises(Invalid):
        handles.clean(name)


def test_the_name_of_a_deleted_user_is_free_again(ann):
    ann.delete()
    assert handles.clean("ann") == "ann"


@pytest.mark.parametrize("name", ["a.l.l", "а11", "ａll", "GUEST", "everyοne".replace("ο", "o")])
def test_a_reserved_word_is_refused(name):
    with pytest.raises(Invalid):
        handles.clean(name)


@pytest.mark.parametrize("name", ["Amber-Fox-42", "amberfox42", "guest7"])
def test_a_name_that_looks_like_a_guests_is_refused(name):
    with pytest.raises(Invalid):
        handles.clean(name)
