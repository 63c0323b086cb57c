"""What the site itself writes: announcements, and messages to one person."""

from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model

from chat.domain import direct_rooms, rooms, site_voice, sites
from chat.domain.errors import Archived, Forbidden, Invalid
from chat.models import Membership, Message, Site
from chat.tests.cast import person
from chat.tests.talk import frames

pytestmark = pytest.mark.django_db


def announce(room, body="The harbour closes at nine"):
    return site_voice.announce(room=room, body=body, client_id=uuid4())


def test_an_announcement_comes_from_a_bot_that_is_named_as_the_site(harbour, set_up_site, capture_published):
    with capture_published() as envelopes:
        made = announce(harbour)
    author = frames(envelopes)[-1]["message"]["author"]
    assert (author["name"], author["bot"]) == ("Harbour Lights", True)
    assert (made.seq, made.text) == (1, "The harbour closes at nine")


def test_the_site_announces_in_a_private_room_and_does_not_become_a_member(harbour, set_up_site, alice):
    rooms.change(room=harbour, kind="private")
    announce(harbour)
    assert not Membership.objects.filter(room=harbour, user=site_voice.account()).exists()


def test_the_site_announces_whoever_may_post_and_however_slowly(harbour, set_up_site):
    rooms.change(room=harbour, slow_mode_s=60)
    announce(harbour)
    announce(harbour, "It is open again")
    assert Message.objects.filter(room=harbour).count() == 2


def test_an_announcement_is_stored_once(harbour, set_up_site):
    key = uuid4()
    first = site_voice.announce(room=harbour, body="Once", client_id=key)
    assert site_voice.announce(room=harbour, body="Once", client_id=key).pk == first.pk


def test_nothing_is_announced_in_an_archived_or_direct_room_or_without_words(harbour, set_up_site, alice, bob):
    direct = direct_rooms.find_or_make(people=[bob.pk], by=alice)
    for room, body, refusal in ((direct, "Hello", Forbidden), (harbour, " ", Invalid)):
        with pytest.raises(refusal):
            announce(room, body)
    rooms.archive(room=harbour)
    with pytest.raises(Archived):
        announce(harbour)


def test_an_announcement_mentions_all_members(harbour, set_up_site, alice, bob):
    assert announce(harbour, "@all Storm warning").mentions["all"]


def test_the_account_is_made_once_and_nobody_can_sign_in_with_it(set_up_site):
    account = site_voice.account()
    assert account.pk == site_voice.account().pk == Site.current().voice_id
    assert not account.has_usable_password()
    assert not account.is_staff


def test_the_account_takes_a_handle_that_is_free(set_up_site):
    person("site")
    assert site_voice.account().get_username() == "site-news"


def test_the_account_follows_the_name_of_the_site(set_up_site):
    account = site_voice.account()
    sites.rename(name="North Pier")
    assert get_user_model().objects.get(pk=account.pk).chat_profile.display_name == "North Pier"


def test_a_name_that_is_like_a_persons_is_left_out(set_up_site):
    person("NorthPier")
    sites.rename(name="North Pier")
    assert site_voice.account().chat_profile.display_name == ""


def test_a_closed_account_of_the_site_is_opened_by_its_next_message(harbour, set_up_site):
    account = site_voice.account()
    get_user_model().objects.filter(pk=account.pk).update(is_active=False)
    announce(harbour)
    assert get_user_model().objects.get(pk=account.pk).is_active


def test_the_site_writes_to_one_person_in_a_direct_room(set_up_site, bob, capture_published):
    with capture_published() as envelopes:
        made = site_voice.write_to(user=bob, body="We removed it. Thank you.", client_id=uuid4())
    assert set(made.room.memberships.values_list("user", flat=True)) == {bob.pk, site_voice.account().pk}
    assert frames(envelopes)[-1]["message"]["text"] == "We removed it. Thank you."


def test_the_site_does_not_write_to_a_closed_account(set_up_site, bob):
    get_user_model().objects.filter(pk=bob.pk).update(is_active=False)
    with pytest.raises(Invalid):
        site_voice.write_to(user=bob, body="Hello", client_id=uuid4())
