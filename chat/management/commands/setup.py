"""`manage.py setup`: make the site's first admin and the Lobby, or print the link of the page that does."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from chat.domain import sites
from chat.domain.errors import DomainError
from chat.models import Room

PASSWORD_VARIABLE = "PARLEY_ADMIN_PASSWORD"
OPTIONS = {"name": "--site-name", "username": "--admin", "email": "--email", "lobby_guests": "--lobby-guests"}


class Command(BaseCommand):
    """Without --admin it prints a one-time link; with it, it sets the site up there and then."""

    help = (
        "Set the site up: with --site-name and --admin at once, the password coming from the variable "
        f"{PASSWORD_VARIABLE}; without them by printing a one-time link to a page that asks."
    )

    def add_arguments(self, parser):
        """The options; see `help`."""
        parser.add_argument("--site-name", help="the site's name")
        parser.add_argument("--admin", help="the first admin's name")
        parser.add_argument("--email", default="", help="the first admin's email address")
        parser.add_argument(
            "--lobby-guests",
            choices=Room.Guests.values,
            default=Room.Guests.NONE,
            help="whether visitors without an account may read or write in the Lobby (default: none)",
        )
        parser.add_argument("--link", action="store_true", help="print a link, or nothing when the site is set up")
        parser.add_argument(
            "--address", default="", help="how a browser reaches the site, for the link (default: SITE_URL)"
        )

    def handle(self, *, site_name, admin, email, lobby_guests, link, address, **options):
        """Set up, or print a link. Raises CommandError (exit code 1) with a sentence when it is refused."""
        if site_name or admin:
            self.set_up(name=site_name, username=admin, email=email, lobby_guests=lobby_guests)
        else:
            self.print_link(address, silent=link)

    def set_up(self, *, name, username, email, lobby_guests):
        """Set the site up with what the options say."""
        if not (name and username):
            raise CommandError("Both --site-name and --admin are needed.")
        if sites.is_set_up():
            raise CommandError("This site is already set up.")
        password = os.environ.get(PASSWORD_VARIABLE, "")
        if not password:
            raise CommandError(f"Put the admin's password into the variable {PASSWORD_VARIABLE}.")
        try:
            sites.set_up(
                token=None, name=name, username=username, password=password, email=email, lobby_guests=lobby_guests
            )
        except DomainError as refused:
            where = PASSWORD_VARIABLE if refused.field == "password" else OPTIONS.get(refused.field)
            raise CommandError(f"{where}: {refused.detail}" if where else str(refused.detail)) from refused
        self.stdout.write(self.style.SUCCESS(f"{name} is set up, and {username} is its admin."))

    def print_link(self, address, *, silent):
        """Print a fresh link; the one before it ends."""
        token = sites.new_setup_token()
        if token:
            path = reverse("chat:setup", args=[token])
            self.stdout.write(
                f"\nSet this site up, once, at\n\n    {(address or settings.SITE_URL).rstrip('/')}{path}\n\n"
            )
        elif not silent:
            self.stdout.write("This site is already set up.")
