"""All pages of the admin of a site, and rows for them. The functions are called inside the site: `site.call(…)`."""

import contextlib
import re
from datetime import timedelta
from uuid import uuid4

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import RequestFactory
from django.urls import URLPattern
from django.utils import timezone

from chat.admin.account_table import ACTIONS
from chat.domain import (
    account_bans,
    bans,
    invites,
    messages,
    moderation,
    person_mutes,
    removals,
    reports,
    room_openings,
    rooms,
)
from chat.domain.errors import Held
from chat.domain.filters import stored
from chat.models import HeldMessage, MessageFilter, Report, Room

NO_PAGES = {"login", "logout", "jsi18n", "autocomplete", "undo", "lift", "export", "done"}
"""Addresses that answer something else than a page, or only a form that was sent."""
REDIRECTS = {"<path:object_id>/", "chat/site/"}
ACTIONS_SHOWN = list({action.form: name for name, action in ACTIONS.items()}.values())
"""One action on an account for each form."""
SAME_FOR_ALL = {"history": "room", "delete": "room"}
"""Pages that Django draws alike for every model, and the model whose page is looked at."""


def make_rows(slug: str) -> None:
    """Make a row of each model that has pages in the admin, in the room `slug` of Alice, with Bob as a member."""
    find = get_user_model().objects.get_by_natural_key
    staff, alice, bob, room = find("admin"), find("alice"), find("bob"), Room.objects.get(slug=slug)
    said = [
        messages.post(room=slug, author=bob, body=f"Ahoy number {number} over there", client_id=uuid4())
        for number in range(3)
    ]
    messages.edit(message=said[0].pk, by=bob, body="Ahoy, **all** of you")
    reports.report_message(message=said[1].pk, by=alice, reason="abuse", note="Not for the first time")
    stored.create(by=staff, name=f"Tides of {slug}", kind="words", value="ebb", action="hold", room=room)
    with contextlib.suppress(Held):
        messages.post(room=slug, author=bob, body="At ebb", client_id=uuid4())
    left, banned = (get_user_model().objects.create_user(f"{word}-{slug}") for word in ("left", "banned"))
    rooms.remove(room=room, user=left, by=staff)
    account_bans.ban(user=banned, by=staff, reason="Spam")
    removals.begin(user=left, hours=1, by=staff, reason="Spam")
    noisy = moderation.target_of_user(left)
    until = timezone.now() + timedelta(hours=1)
    person_mutes.mute(target=noisy, room=room, until=until, by=staff, reason="Noise", site=True)
    bans.ban_guest(guest_id=uuid4().hex[:8], name="Guest 1", reason="Spam", by=staff)
    invites.create(room=room, by=staff, expires_at=timezone.now() + timedelta(days=1), uses=3)
    closed = rooms.create(slug=f"{slug}-closed", name=f"Closed {slug}", kind="private", by=alice)
    room_openings.open_room(place=closed.slug, by=staff, reason="A complaint")


def remove_rows(slug: str) -> None:
    """End what other tests would see: open reports, held messages, the filter."""
    Report.objects.filter(room__slug=slug).delete()
    HeldMessage.objects.filter(room__slug=slug).delete()
    MessageFilter.objects.filter(room__slug=slug).delete()


def addresses(slug: str) -> dict[str, list[str]]:
    """The addresses of all pages, by what they are: `lists`, `forms`, or `own` for all others.

    A page of one object is that of the room `slug`, of Bob, or of the newest row. Raises LookupError without rows.
    """
    request = RequestFactory().get("/")
    request.user = get_user_model().objects.get_by_natural_key("admin")
    found: dict[str, list[str]] = {"lists": [], "forms": [], "own": []}
    models = admin.site._registry.items()
    by_prefix = {f"{model._meta.app_label}/{model._meta.model_name}/": its_admin for model, its_admin in models}
    for route in _routes(admin.site.get_urls()):
        prefix = next((one for one in by_prefix if route.startswith(one)), None)
        rest = route.removeprefix(prefix or "")
        if (
            {rest, route} & REDIRECTS
            or set(rest.split("/")) & NO_PAGES
            or re.search(r"[\^(]|<int:content_type_id>", route)
        ):
            continue
        if prefix is None:
            found["own"].append(route)
            continue
        its_admin, last = by_prefix[prefix], rest.rstrip("/").rpartition("/")[2]
        if last in SAME_FOR_ALL and its_admin.opts.model_name != SAME_FOR_ALL[last]:
            continue
        if last == "add" and not its_admin.has_add_permission(request):
            continue
        kind = "lists" if not rest else "forms" if last in ("add", "change") else "own"
        key = _key_of(its_admin, request, slug) if "<" in rest else ""
        for name in ACTIONS_SHOWN if "<slug:name>" in rest else [""]:
            filled = rest.replace("<path:object_id>", key).replace("<id>", key).replace("<slug:name>", name)
            found[kind].append(prefix + filled)
    return {kind: [f"/admin/{route}" for route in routes if "<" not in route] for kind, routes in found.items()}


def _routes(patterns, prefix: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        found += [route] if isinstance(pattern, URLPattern) else _routes(pattern.url_patterns, route)
    return found


def _key_of(its_admin, request, slug: str) -> str:
    rows = its_admin.get_queryset(request).order_by("-pk")
    if its_admin.model is Room:
        rows = rows.filter(slug=slug)
    elif its_admin.model is get_user_model():
        rows = rows.filter(**{its_admin.model.USERNAME_FIELD: "bob"})
    row = rows.first()
    if row is None:
        raise LookupError(f"There is no row for the page of {its_admin.model.__name__}: see make_rows.")
    return str(row.pk)
