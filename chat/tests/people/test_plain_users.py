"""`chat` on a site with another user model: Django's own."""

import asyncio
from collections.abc import Iterator

import pytest

from chat.tests.client import Client
from chat.tests.services import PASSWORD, Site, inside

USERS = """
    from django.contrib.auth.models import User
    result = {user.username: user.pk for user in User.objects.all()}
"""
INVITE = """
    from datetime import timedelta
    from django.contrib.auth.models import User
    from django.utils import timezone
    from chat.domain import invites
    from chat.models import Room
    owner, week = User.objects.get(username="alice"), timezone.now() + timedelta(days=7)
    result = invites.create(room=Room.objects.get(slug="tea"), by=owner, expires_at=week, uses=9)[1]
"""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def plain(request, new_site, tmp_path_factory) -> Iterator[Site]:
    """A site whose users are `auth.User`, with the cast of the other sites."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('plain')}/site.sqlite3"
    else:
        url = request.getfixturevalue("postgres_server").new_url()
    site = new_site(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="chat.tests.people.plain_users", GUEST_RATE=0)
    site.call(inside.migrate)
    site.call(inside.add_cast, password=PASSWORD)
    yield site.start()
    site.stop()


def test_the_users_are_djangos(plain):
    assert set(plain.python(USERS)) == {"admin", "alice", "bob", "charlie"}


async def test_alice_posts_and_mentions_bob_whatever_the_case(plain):
    bob = (await asyncio.to_thread(plain.python, USERS))["bob"]
    alices, bobs = (Client(plain.ws_url, plain.sign_in(name), ["tea"]) for name in ("alice", "bob"))
    async with alices, bobs:
        message = await alices.post_message("tea", "Hello @BOB, and @everyone")
        assert message["author"]["name"] == "alice"
        assert message["mentions"] == {"people": [bob], "rooms": [], "all": True, "here": False}
        await bobs.until(lambda: bobs.copies["tea"].messages)
        await bobs.request_until_answered("react", message=message["id"], emoji="👍", on=True)
        await alices.until(lambda: [m for m in alices.copies["tea"].messages.values() if m["reactions"]])
        assert not alices.faults
        assert not bobs.faults


def test_pages_show_the_rooms_to_users_and_guests(plain):
    page = plain.visitor("alice").get("/rooms/tea/")
    assert (page.status, "alice" in page.text) == (200, True)
    guest = plain.visitor().get("/rooms/lobby/")
    assert guest.status == 200


@pytest.mark.parametrize("name", ["BOB", "everyone", "Amber-Fox-42"])
def test_an_invitation_makes_nobody_a_name_that_is_taken_or_reserved(plain, name):
    visitor = plain.visitor(follow=False)
    link = f"/join/{plain.python(INVITE)}/"
    form = {"username": name, "email": "", "password": PASSWORD, "password_again": PASSWORD}
    assert visitor.post(link, form).status == 200
    assert name not in plain.python(USERS)


def test_an_invitation_makes_an_account(plain):
    visitor = plain.visitor(follow=False)
    link = f"/join/{plain.python(INVITE)}/"
    form = {"username": "erin", "email": "", "password": PASSWORD, "password_again": PASSWORD}
    assert visitor.post(link, form).status == 302
    assert "erin" in plain.python(USERS)


def test_the_admin_deactivates_users_and_asks_about_the_words_of_one_who_spoke(plain):
    admin = plain.visitor("admin")
    users = plain.python(USERS)
    assert "Deactivate" in admin.get("/admin/auth/user/").text
    plain.python(
        "import uuid\nfrom django.contrib.auth.models import User\nfrom chat.domain import messages\n"
        "messages.post(room='tea', author=User.objects.get(username='alice'), body='x', client_id=uuid.uuid4())"
    )
    page = admin.get(f"/admin/auth/user/{users['alice']}/delete/")
    assert "Deleted person" in page.text
