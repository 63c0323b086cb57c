"""The admin of profiles: a change is published like one's own."""

import pytest

from chat.domain import people, profiles
from chat.models import Site

pytestmark = pytest.mark.django_db


def test_dora_corrects_a_name_and_ends_a_status(doras, alice):
    profiles.change(user=alice, display_name="Rude Name")
    profiles.set_status(user=alice, emoji="🌴", line="Rude status")
    address = f"/admin/chat/profile/{alice.pk}/change/"
    given = {"display_name": "Alice Archer", "title": "", "status_text": ""}
    assert doras.post(address, given).status_code == 302
    # A number for each change that others see: two before, two now.
    assert Site.current().people_version == 4
    person = people.as_person(people.load(alice.pk))
    assert (person.name, person.status) == ("Alice Archer", None)


def test_a_name_that_is_refused_changes_nothing(doras, alice, bob):
    profiles.change(user=alice, display_name="Alice Archer")
    doras.post(f"/admin/chat/profile/{alice.pk}/change/", {"display_name": "Bob", "title": "", "status_text": ""})
    assert people.as_person(people.load(alice.pk)).name == "Alice Archer"
