"""The record of what was done: searched and exported, never changed."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections
from django.db.models import Q
from django.http import StreamingHttpResponse
from django.urls import path
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext_lazy as _

from chat.domain import record_export
from chat.domain.record import record
from chat.domain.recorded_verbs import RECORDED_VERBS
from chat.models import RecordedAction

from .base import ReadOnlyAdmin
from .list_filters import WordFilter
from .paging import NewestFirst

SEARCHED = ("actor_name", "object_name", "room_name", "reason", "address")


AREAS = {
    "rooms": (_("Rooms"), ("room",)),
    "members": (_("Members"), ("member",)),
    "messages": (_("Messages"), ("message", "words")),
    "moderation": (_("Reports and filters"), ("report", "filter")),
    "people": (_("People"), ("person", "group")),
    "bans": (_("Bans of guests"), ("guest", "network", "ban")),
    "invites": (_("Invitations"), ("invite",)),
    "site": (_("Site"), ("site", "emoji", "job", "record")),
}
"""The choices of AreaFilter: for each, its title, and the words before the dot in the names of its actions."""


class AreaFilter(WordFilter):
    """Filter by the area of an action. The choices need no query. For one action alone: `?verb=room.archive`."""

    title = _("subject")
    parameter_name = "area"
    words = {
        area: (title, Q(verb__in=[name for name in RECORDED_VERBS if name.partition(".")[0] in beginnings]))
        for area, (title, beginnings) in AREAS.items()
    }


@admin.register(RecordedAction)
class RecordedActionAdmin(NewestFirst, ReadOnlyAdmin):
    """The list, one page for each action, and the export of what the list shows."""

    change_list_template = "admin/chat/record_list.html"
    list_display = ("time", "by", "did_what", "details", "address")
    list_display_links = ("time",)
    list_filter = (AreaFilter, "at")
    search_fields = SEARCHED
    search_help_text = _("Name, room, reason or address, among the newest 50,000 actions")
    list_per_page = 50
    fields = ("at", "by", "did", "to", "room_name", "was", "became", "reason", "address")

    @admin.display(description=_("at"))
    def time(self, row):
        """The time in short."""
        return date_format(localtime(row.at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("action"))
    def did_what(self, row):
        """The action in words, to whom, and in which room."""
        room = f" · {row.room_name}" if row.room_name and row.object_kind != "room" else ""
        return format_html("{} <strong>{}</strong>{}", self.did(row), self.to(row), room)

    @admin.display(description=_("change and reason"))
    def details(self, row):
        """What the action changed, and the reason that the actor gave."""
        return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in (self.change(row), row.reason) if line))

    @admin.display(description=_("by"))
    def by(self, row):
        """The name of the actor at the time of the action. It may be another one now."""
        return row.actor_name or _("the site")

    @admin.display(description=_("action"))
    def did(self, row):
        """The action in words."""
        return RECORDED_VERBS.get(row.verb, row.verb)

    @admin.display(description=_("to"))
    def to(self, row):
        """The name of the object at the time of the action; without one, its kind and id."""
        return row.object_name or f"{row.object_kind} {row.object_id}"

    def change(self, row) -> str:
        """What the action changed, on one line."""
        return ", ".join(_difference(name, row.before, row.after) for name in sorted({*row.before, *row.after}))

    @admin.display(description=_("before"))
    def was(self, row):
        """The former values."""
        return _listed(row.before)

    @admin.display(description=_("after"))
    def became(self, row):
        """The new values."""
        return _listed(row.after)

    def get_urls(self):
        """Add the address of the export."""
        export = path("export/", self.admin_site.admin_view(self.export), name="chat_recordedaction_export")
        return [export, *super().get_urls()]

    def export(self, request):
        """The rows that the list shows with these filters, as JSON lines. The export itself is recorded, too."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_changelist_instance(request).get_queryset(request)
        record(request.user, "record.export", ("record", "", ""), after={"filter": request.GET.urlencode()})
        pages = record_export.pages(rows)
        content = _on_threads(pages) if isinstance(request, ASGIRequest) else pages
        headers = {"Content-Disposition": 'attachment; filename="record.jsonl"', "Cache-Control": "no-store"}
        return StreamingHttpResponse(content, content_type="application/jsonl; charset=utf-8", headers=headers)


def _difference(name: str, before: dict, after: dict) -> str:
    values = [_shown(of[name]) for of in (before, after) if name in of]
    return f"{_words(name)}: {' → '.join(values)}" + ("" if name in after else " → –")


def _listed(values: dict) -> str:
    return ", ".join(f"{_words(name)}: {_shown(value)}" for name, value in values.items()) or "-"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _shown(value) -> str:
    """A JSON value as a text for people."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, str) and (at := _time(value)):
        return date_format(localtime(at), "SHORT_DATETIME_FORMAT")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return "–" if value in ("", None) else str(value)


def _time(value: str):
    """Parse a time as JSON has it: ISO 8601, with `T` and a time zone. None for any other text."""
    try:
        at = parse_datetime(value) if value[10:11] == "T" else None
    except ValueError:
        return None
    return at if at is not None and is_aware(at) else None


@cache
def _threads() -> ThreadPoolExecutor:
    # One thread for all exports of this process: they take turns, page by page, and use one database connection.
    return ThreadPoolExecutor(1, thread_name_prefix="export")


async def _on_threads(pages: Iterator[str]) -> AsyncIterator[str]:
    """The same pages for ASGI. A thread reads each when the one before was sent; the event loop is not blocked."""
    loop = asyncio.get_running_loop()
    while page := await loop.run_in_executor(_threads(), _next, pages):
        yield page


def _next(pages: Iterator[str]) -> str:
    # Django does this at the start and end of a request. This thread is not one of a request.
    close_old_connections()
    try:
        return next(pages, "")
    finally:
        close_old_connections()
