"""Functions that run inside a site: `site.call(add_room, slug="tea", …)`. Arguments and results are JSON values.

Django's models are imported inside the functions: this module is also imported by the settings of the tests.
"""

from functools import cache


def migrate() -> None:
    """Create the tables."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def add_cast(password: str) -> None:
    """Set the site up and add its users and rooms, as the docstring of `prepared` describes them."""
    import os

    from django.core.management import call_command

    from chat.domain import sites

    os.environ["PARLEY_ADMIN_PASSWORD"] = password
    call_command("setup", site_name="Parley", admin="admin", email="admin@example.com", lobby_guests="write")
    # Tests ask no foreign hosts. Those of previews turn them on, for a host of their own.
    sites.show_link_previews(on=False)
    for name in ("alice", "bob", "charlie"):
        add_person(name, password)
    for slug, kind in (("tea", "public"), ("den", "private")):
        add_room(slug, owner="alice", members=["bob"], fields={"name": slug.capitalize(), "kind": kind})
    for name in ("alice", "bob"):
        join("lobby", name)


def add_person(name: str, password: str) -> int:
    """Create an account, a member of no room, not even of those for newcomers; return its id."""
    from chat.domain import accounts

    return accounts.make(accounts.Newcomer(name, "", _hashed(password))).pk


@cache
def _hashed(password: str) -> str:
    """The hash of a password, made once: Argon2 takes a tenth of a second, and people of tests have one password."""
    from django.contrib.auth.hashers import make_password

    return make_password(password)


def add_room(slug: str, owner: str, members: list[str], fields: dict) -> str:
    """Create a room and return its slug."""
    from chat.domain import rooms

    rooms.create(slug=slug, by=_user(owner), **fields)
    for name in members:
        join(slug, name)
    return slug


def join(slug: str, name: str) -> None:
    """Make somebody a member of a room."""
    from chat.domain import rooms
    from chat.models import Room

    rooms.join(room=Room.objects.get(slug=slug), user=_user(name))


def sign_in(name: str) -> str:
    """Create a session of a user, as the sign-in page does, and return its key."""
    from django.contrib.auth import login
    from django.http import HttpRequest

    from chat.models.session_store import SessionStore

    request = HttpRequest()
    request.session = SessionStore()
    login(request, _user(name), backend="django.contrib.auth.backends.ModelBackend")
    request.session.save()
    return request.session.session_key


def _user(name: str):
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get_by_natural_key(name)
