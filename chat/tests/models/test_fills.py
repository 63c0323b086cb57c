"""Migrations that fill new columns and tables for those who were here before."""

from importlib import import_module

import pytest
from django.apps import apps

from chat.domain import guests, names
from chat.models import Message, NameKey
from chat.tests.cast import person
from chat.tests.talk import say

pytestmark = pytest.mark.django_db


def test_people_get_the_keys_of_their_names_and_of_two_alike_the_older_one():
    ann, bob = person("ann"), person("bob")
    NameKey.objects.all().delete()
    type(ann).objects.bulk_create([type(ann)(username="аnn")])
    import_module("chat.migrations.0006_name_keys").fill(apps, None)
    assert set(ann.name_keys.values_list("key", flat=True)) == names.keys("ann")
    assert set(bob.name_keys.values_list("key", flat=True)) == names.keys("bob")
    assert not NameKey.objects.filter(user__username="аnn", key=names.key("ann")).exists()


def test_what_guests_said_before_gets_their_ids(garden, bob, gina):
    other = guests.new_guest()
    said = [say(garden, author).pk for author in (gina, bob, other, gina)]
    Message.objects.update(guest_id="")
    import_module("chat.migrations.0008_fill_guest_ids").fill(apps, None)
    ids = [Message.objects.get(pk=pk).guest_id for pk in said]
    assert ids == [gina.id, "", other.id, gina.id]
