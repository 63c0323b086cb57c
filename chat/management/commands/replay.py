"""`manage.py replay FILE --room SLUG --speed N`: post a conversation in the running site."""

import asyncio
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chat.management import conversation, replaying
from chat.management.protocol_connection import Unreachable
from chat.models import Room

SHOW_EVERY_S = 0.1


class Command(BaseCommand):
    """Posts the lines `{"at": "HH:MM", "who": name, "text": text}` of a file, over one WebSocket for each person."""

    help = _("Post a conversation in the running site, over one WebSocket for each person.")

    def add_arguments(self, parser):
        """FILE or --generate, --room, --speed, --url."""
        parser.add_argument("file", nargs="?", type=Path, help=_('lines of {"at": "HH:MM", "who": …, "text": …}'))
        parser.add_argument(
            "--generate", type=int, metavar="LINES", help=_("generate this number of lines, without a file")
        )
        parser.add_argument("--seed", type=int, default=1, help=_("seed of the generated lines (default: 1)"))
        parser.add_argument("--room", required=True, metavar="SLUG", help=_("the room to post in"))
        parser.add_argument(
            "--speed", type=float, default=1, help=_("the pauses are divided by it; 0: no pauses (default: 1)")
        )
        host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
        parser.add_argument("--url", default=f"ws://{host}:{settings.PORT}/chat", help=_("default: %(default)s"))

    def handle(self, *, file, generate, seed, room, speed, url, **options):
        """Read or generate the lines, create the accounts, and post. Raises CommandError."""
        if (file is None) == (generate is None):
            raise CommandError(_("Name a FILE, or give --generate LINES."))
        if speed < 0 or (generate is not None and generate < 1):
            raise CommandError(_("--speed is 0 or more, --generate 1 or more."))
        place = Room.objects.filter(slug=room).first()
        if place is None:
            raise CommandError(_("There is no room “%(room)s”.") % {"room": room})
        try:
            lines = conversation.generate(generate, seed=seed) if generate else self._read(file)
            with replaying.Accounts((line.who for line in lines), place) as cast:
                playing = replaying.play(lines, cast.sessions, url=url, room=room, speed=speed, show=self._show())
                progress = asyncio.run(playing)
        except (OSError, conversation.InvalidLine, replaying.LineRefused, replaying.NotSignedIn, LookupError) as error:
            if isinstance(error, Unreachable):
                error = _("The site cannot be reached: %(error)s") % {"error": error}
            raise CommandError(error) from None
        except KeyboardInterrupt:
            raise CommandError(_("Stopped.")) from None
        finally:
            if self.stdout.isatty():
                self.stdout.write("")
        if not self.stdout.isatty():
            self.stdout.write(self._line(progress))

    def _read(self, file: Path):
        return conversation.read(file, settings.CHAT_MAX_BODY)

    def _show(self):
        last = 0.0

        def show(progress: replaying.Progress) -> None:
            nonlocal last
            now = time.monotonic()
            # A terminal gets one line that is overwritten; a log only gets the last one.
            if self.stdout.isatty() and (now - last >= SHOW_EVERY_S or progress.acknowledged == progress.lines):
                last = now
                self.stdout.write(f"\r{self._line(progress)}\x1b[K", ending="")
                self.stdout.flush()

        return show

    @staticmethod
    def _line(progress: replaying.Progress) -> str:
        facts = {name: getattr(progress, name) for name in ("acknowledged", "lines", "people", "everyone", "rate")}
        return (
            _("%(acknowledged)d of %(lines)d lines acknowledged, %(people)d of %(everyone)d people, %(rate).1f/s")
            % facts
        )
