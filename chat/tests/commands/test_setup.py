"""`manage.py setup`."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from chat.domain import sites
from chat.models import Room, Site
from chat.tests.cast import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.core]

WORDS = ["--site-name", "Harbour Lights", "--admin", "dora"]


@pytest.fixture(autouse=True)
def password(monkeypatch):
    """Sets the admin's password in the environment."""
    monkeypatch.setenv("PARLEY_ADMIN_PASSWORD", PASSWORD)


def token_of(output: str) -> str:
    """The secret of the link that was printed."""
    return re.search(r"/setup/([\w-]+)/", output)[1]


def test_setup_creates_the_admin_and_the_lobby(capsys):
    call_command("setup", *WORDS, "--email", "dora@example.org", "--lobby-guests", "write")
    assert "Harbour Lights is set up, and dora is its admin." in capsys.readouterr().out
    assert Site.current().name == "Harbour Lights"
    dora = get_user_model().objects.get()
    assert (dora.handle, dora.email, dora.is_superuser) == ("dora", "dora@example.org", True)
    assert dora.check_password(PASSWORD)
    assert Room.objects.get(slug="lobby").guests == "write"


def test_guests_cannot_read_the_lobby_by_default():
    call_command("setup", *WORDS)
    assert Room.objects.get(slug="lobby").guests == "none"


def test_a_second_setup_is_refused():
    call_command("setup", *WORDS)
    with pytest.raises(CommandError, match="already set up") as caught:
        call_command("setup", "--site-name", "Another", "--admin", "charlie")
    assert caught.value.returncode == 1
    assert Site.current().name == "Harbour Lights"
    assert not get_user_model().objects.filter(handle="charlie").exists()


def test_without_options_it_prints_a_link_that_works(capsys, settings):
    settings.SITE_URL = "http://localhost:4711"
    call_command("setup")
    output = capsys.readouterr().out
    assert "http://localhost:4711/setup/" in output
    sites.check_setup_token(token_of(output))


def test_the_link_leads_to_the_address_that_was_given(capsys):
    call_command("setup", "--link", "--address", "https://chat.example.org/")
    assert "https://chat.example.org/setup/" in capsys.readouterr().out


def test_the_link_printed_last_is_the_one_that_works(capsys):
    call_command("setup", "--link")
    call_command("setup", "--link")
    first, last = re.findall(r"/setup/([\w-]+)/", capsys.readouterr().out)
    sites.check_setup_token(last)
    with pytest.raises(sites.NotFound):
        sites.check_setup_token(first)


def test_on_a_site_that_is_set_up_it_reports_that_and_link_prints_nothing(capsys):
    call_command("setup", *WORDS)
    capsys.readouterr()
    call_command("setup")
    assert capsys.readouterr().out == "This site is already set up.\n"
    call_command("setup", "--link")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("words", "password", "error"),
    [
        (["--admin", "dora"], PASSWORD, "Both --site-name and --admin are needed."),
        (["--site-name", "Harbour"], PASSWORD, "Both --site-name and --admin are needed."),
        (WORDS, "", "variable PARLEY_ADMIN_PASSWORD"),
        (WORDS, "12345678", "PARLEY_ADMIN_PASSWORD: This password is too common"),
        (["--site-name", "Harbour", "--admin", "do ra"], PASSWORD, "--admin: A name can contain only letters, digits"),
        ([*WORDS, "--email", "dora"], PASSWORD, "--email: Enter a valid email address"),
        (["--site-name", "x" * 81, "--admin", "dora"], PASSWORD, "--site-name: Choose a name"),
        ([*WORDS, "--lobby-guests", "all"], PASSWORD, "--lobby-guests: invalid choice"),
    ],
)
def test_a_wrong_option_is_reported_and_nothing_is_created(monkeypatch, words, password, error):
    monkeypatch.setenv("PARLEY_ADMIN_PASSWORD", password)
    with pytest.raises(CommandError, match=re.escape(error)):
        call_command("setup", *words)
    assert not sites.is_set_up()
    assert not get_user_model().objects.exists()


@pytest.mark.extended
def test_without_redis_it_works_and_prints_one_line(new_site):
    site = new_site(with_users=False, REDIS_URL="redis://127.0.0.1:1/0")
    run = site.manage("setup", *WORDS, PARLEY_ADMIN_PASSWORD=PASSWORD)
    assert run.stdout.splitlines() == ["Harbour Lights is set up, and dora is its admin."]
    (line,) = run.stderr.splitlines()
    assert "Redis did not take an event" in line
