"""The settings of the site in the admin."""

import pytest

from chat.domain import sites
from chat.domain.errors import Invalid
from chat.models import Site

FORM = {
    "name": "Harbour Lights",
    "who_creates_public": "moderators",
    "who_creates_private": "staff",
    "who_invites": "everyone",
    "who_opens_to_guests": "staff",
    "who_adds_emoji": "moderators",
}


def test_dora_says_who_may_create_rooms_and_invite(doras):
    address = doras.get("/admin/chat/site/")["Location"]
    assert doras.post(address, FORM).status_code == 302
    site = Site.current()
    assert {name: getattr(site, name) for name in FORM} == FORM


def test_only_known_choices_are_accepted(doras):
    address = doras.get("/admin/chat/site/")["Location"]
    assert doras.post(address, FORM | {"who_invites": "nobody"}).status_code == 200
    assert Site.current().who_invites == "moderators"
    for wrong in ({"who_invites": "nobody"}, {"name": "x"}, {"epoch": "x"}):
        with pytest.raises(Invalid):
            sites.allow(**wrong)
