"""Invites in the admin."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from chat.domain import direct_rooms, invites, rooms
from chat.models import Invite
from chat.tests.running_jobs import run_jobs

LIST, ADD = "/admin/chat/invite/", "/admin/chat/invite/add/"


def form_fields(room=None, uses=3, **times) -> dict:
    """The fields of the form."""
    expires_at = timezone.now() + timedelta(**(times or {"days": 2}))
    return {
        "room": room.pk if room else "",
        "uses_left": uses,
        "role": "member",
        "expires_at_0": expires_at.strftime("%Y-%m-%d"),
        "expires_at_1": expires_at.strftime("%H:%M:%S"),
    }


def link_in(text: str) -> str | None:
    """The link on a page, if there is one."""
    found = re.search(r"<code>http://testserver(/join/[\w-]+/)</code>", text)
    return found and found[1]


def test_dora_creates_an_invite_and_sees_its_link(doras, dora, harbour):
    page = doras.post(ADD, form_fields(harbour), follow=True)
    invite = invites.find(link_in(page.text).split("/")[2])
    assert (invite.room, invite.uses_left, invite.created_by) == (harbour, 3, dora)
    assert link_in(doras.get(LIST).text) is None


def test_the_link_opens_the_page_of_the_invite(doras, client, lobby):
    link = link_in(doras.post(ADD, form_fields(), follow=True).text)
    client.logout()
    assert client.get(link).status_code == 200


def test_the_form_suggests_one_use_within_a_week(doras):
    form = doras.get(ADD).context["adminform"].form
    assert form["uses_left"].value() == 1
    assert timedelta(days=6) < form["expires_at"].value() - timezone.now() <= timedelta(days=7)


@pytest.mark.parametrize("wrong", [{"uses": 0}, {"uses": -1}, {"uses": 10_001}, {"days": -1}])
def test_a_wrong_number_of_uses_or_end_is_refused_with_an_error(doras, wrong):
    page = doras.post(ADD, form_fields(**wrong), follow=True)
    assert page.status_code == 200
    assert page.context["adminform"].errors or 'class="error"' in page.text
    assert not Invite.objects.exists()


def test_the_form_offers_no_direct_or_archived_rooms(doras, harbour, alice, bob):
    direct_rooms.find_or_make(people=[bob.pk], by=alice)
    rooms.archive(room=rooms.create(slug="old", name="Old"))
    offered = doras.get(ADD).context["adminform"].form.fields["room"].queryset
    assert [room.slug for room in offered] == ["harbour"]


def test_an_invite_can_be_revoked_but_not_changed(doras, dora, harbour):
    invite, token = invites.create(room=harbour, by=dora, expires_at=timezone.now() + timedelta(days=1))
    address = reverse("admin:chat_invite_change", args=[invite.pk])
    assert doras.get(address).status_code == 200
    assert doras.post(address, form_fields(uses=99)).status_code == 403
    doras.post(reverse("admin:chat_invite_delete", args=[invite.pk]), {"post": "yes"})
    with pytest.raises(invites.NotFound):
        invites.find(token)


def test_no_page_shows_the_hash_of_the_token(doras, dora, harbour):
    invite, _token = invites.create(room=harbour, by=dora, expires_at=timezone.now() + timedelta(days=1))
    for address in (LIST, reverse("admin:chat_invite_change", args=[invite.pk])):
        assert invite.token_hash not in doras.get(address).text


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_of_the_list_is_constant(doras, dora, harbour, number, django_assert_num_queries):
    for _ in range(number):
        invites.create(room=harbour, by=dora, expires_at=timezone.now() + timedelta(days=1))
    with django_assert_num_queries(5):
        doras.get(LIST)


def page_of(invite) -> str:
    return reverse("admin:chat_invite_change", args=[invite.pk])


def make(by, **fields):
    return invites.create(by=by, expires_at=timezone.now() + timedelta(days=1), **fields)


def test_the_page_of_an_invite_shows_its_creator_the_link_and_a_qr_code_until_it_ends(doras, dora, alice, harbour):
    own, token = make(dora, room=harbour)
    page = doras.get(page_of(own)).text
    assert f"/join/{token}/" in page
    assert "<svg" in page[page.index("qr-code") :][:400]
    others, _token = make(alice, room=harbour)
    assert "Only who made the link can see it" in doras.get(page_of(others)).text
    invites.revoke(invite=own)
    assert token not in doras.get(page_of(own)).text


def test_an_invite_has_several_rooms_and_a_role(doras, harbour, lobby):
    doras.post(ADD, form_fields(harbour) | {"rooms": [lobby.pk], "role": "reader"})
    invite = Invite.objects.get()
    assert (invite.room, list(invite.rooms.all()), invite.role) == (harbour, [lobby], "reader")


def test_the_page_of_an_invite_lists_who_came_by_it(doras, dora, charlie, lobby):
    invite, token = make(dora, room=lobby, uses=5)
    invites.use(token, user=charlie)
    assert "charlie" in doras.get(page_of(invite)).text
    assert doras.get(LIST).context["cl"].result_list[0].came == 1


def test_chosen_invites_are_revoked_and_stay_listed(doras, dora, charlie, lobby):
    invite, token = make(dora, room=lobby, uses=5)
    invites.use(token, user=charlie)
    page = doras.post(LIST, {"action": "revoke", "_selected_action": [invite.pk]}, follow=True)
    assert "1 invite was revoked" in page.text
    assert Invite.objects.get().revoked_at
    with pytest.raises(invites.NotFound):
        invites.find(token)


def mail_fields(text="", **fields) -> dict:
    return form_fields() | {"text": text} | fields


MAIL = "/admin/chat/invite/mail/"


def test_people_are_invited_by_mail_and_again(doras, dora, harbour, mailoutbox):
    page = doras.post(MAIL, mail_fields("nina@example.org\notto@example.org", room=harbour.pk), follow=True)
    assert "2 invites are sent" in page.text
    run_jobs()
    assert {mail.to[0] for mail in mailoutbox} == {"nina@example.org", "otto@example.org"}
    sent = Invite.objects.get(email="nina@example.org")
    assert sent.sent_at
    assert f"/join/{invites.token_of(sent)}/" in next(mail.body for mail in mailoutbox if mail.to == [sent.email])
    doras.post(LIST, {"action": "send_again", "_selected_action": [sent.pk]})
    run_jobs()
    assert len(mailoutbox) == 3


def test_a_csv_is_read_and_its_errors_are_named_by_line(doras, alice, harbour):
    lines = 'Name;Mail\n"Nina, Ann";nina@example.org\nOtto;otto@\n\nNina;NINA@example.org\nAlice;alice@example.org'
    file = SimpleUploadedFile("people.csv", lines.encode())
    page = doras.post(MAIL, mail_fields(file=file))
    problems = [(problem.line, problem.text) for problem in page.context["problems"]]
    assert problems == [(3, "otto@"), (5, "NINA@example.org"), (0, "alice@example.org")]
    assert [invite.email for invite in Invite.objects.all()] == ["nina@example.org"]


@pytest.mark.parametrize(
    "line",
    [
        "Nina Lee <nina@example.org>",
        "<nina@example.org>",
        "Nina <  nina@example.org  >",
        '"Lee, Nina" <nina@example.org>',
        "Lee, Nina <nina@example.org>",
        "Нина 🌷 <nina@example.org>",
        '"Nina\nBcc: otto" <nina@example.org>',
    ],
)
def test_a_name_before_the_address_is_left_out(doras, line, mailoutbox):
    doras.post(MAIL, mail_fields(line))
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [["nina@example.org"]]
    assert "Bcc" not in str(mailoutbox[0].message())


@pytest.mark.parametrize(
    "line",
    [
        "Nina <nina@example.org> Otto <otto@example.org>",
        "Nina <nina@example.org>, Otto <otto@example.org>",
        "nina@example.org; otto@example.org",
        "nina@example.org otto@example.org",
        "nina@example.org <otto@example.org>",
        "Nina <nina@example.org",
        "Nina <<nina@example.org>>",
        "Nina <nina@example.org\rBcc: otto@example.org>",
        '"nina@example.org\nBcc: otto@example.org"',
        '"Nina <nina@example.org\nBcc: otto@example.org>"',
        '"Nina\nBcc: otto@example.org" <nina@example.org>',
        "Nina <nina@example.org%0ABcc:otto@example.org>",
        "<>",
        "Nina <>",
    ],
)
def test_a_line_that_is_not_exactly_one_address_is_left_out(doras, line):
    page = doras.post(MAIL, mail_fields(line))
    assert page.context["problems"]
    assert not Invite.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"text": "\n".join(f"p{number}@example.org" for number in range(501))},
        {"text": "x" * 200_001},
        {"text": "x" * 150_000},
        {"file": SimpleUploadedFile("large.csv", b"x" * 200_001)},
        {"text": "nina@example.org", "expires_at_0": "2020-01-01"},
        {"text": "nina@example.org", "role": "king"},
    ],
)
def test_a_wrong_list_is_refused_with_an_error(doras, fields):
    page = doras.post(MAIL, mail_fields() | fields)
    assert page.context["form"].errors
    assert not Invite.objects.exists()


def test_a_list_without_an_address_sends_nothing(doras):
    page = doras.post(MAIL, mail_fields(file=SimpleUploadedFile("p.csv", b"\xff\xfe\x00garbage,,\n@@@")))
    assert page.status_code == 200
    assert not Invite.objects.exists()
