"""The front page of the admin: what needs attention, the numbers of today, the busiest rooms, what staff did last."""

from datetime import datetime, time

from django.contrib.auth import get_user_model
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat.domain import activity, connections, live_board
from chat.domain.recorded_verbs import RECORDED_VERBS
from chat.models import DailyMessages, RecordedAction, Room, UserActivity

from . import attention
from .charts import bars
from .columns import ago

DAYS = 14
ROOMS_SHOWN = 5
ACTIONS_SHOWN = 6
WIDE, TALL = 168, 36


def context(request) -> dict:
    """What the template needs. A fixed number of queries, none over the messages."""
    user = request.user
    return {
        "attention": attention.lines(request),
        "figures": _figures(request) if user.has_perm("chat.view_room") else [],
        "busy_rooms": _busy_rooms() if user.has_perm("chat.view_room") else [],
        "last_actions": _last_actions() if user.has_perm("chat.view_recordedaction") else [],
    }


def _figures(request) -> list[dict]:
    """The cards: `label`, `number`, `note`, `chart`."""
    found = [_messages(), _writers(), _accounts()]
    if request.user.has_perm(live_board.PERMISSION):
        found += [_connected(), _disk()]
    return [card for card in found if card]


def _messages() -> dict:
    days = activity.of_site(DAYS)
    text = ngettext("%(count)d message in 14 days", "%(count)d messages in 14 days", sum(days)) % {"count": sum(days)}
    note = _("%(count)d yesterday") % {"count": days[-2]}
    return {
        "label": _("Messages today"),
        "number": _grouped(days[-1]),
        "note": note,
        "chart": bars(days, text, width=WIDE, height=TALL),
    }


def _writers() -> dict:
    count = UserActivity.objects.filter(last_at__gte=_midnight()).count()
    return {"label": _("People who wrote today"), "number": _grouped(count), "note": ""}


def _accounts() -> dict:
    users = get_user_model()._default_manager
    number, note = users.filter(is_active=True).count(), ""
    if "date_joined" in {field.name for field in get_user_model()._meta.fields}:
        new = users.filter(is_active=True, date_joined__gte=_midnight()).count()
        note = ngettext("%(count)d new today", "%(count)d new today", new) % {"count": new}
    return {"label": _("Accounts"), "number": _grouped(number), "note": note}


def _connected() -> dict | None:
    sockets = connections.sockets()
    if sockets is None:
        return None
    return {"label": _("Connected now"), "number": _grouped(sockets), "note": _("pages and programs"), "live": True}


def _disk() -> dict | None:
    free = attention.free_bytes()
    return {"label": _("Free disk space"), "number": filesizeformat(free), "note": ""} if free is not None else None


def _busy_rooms() -> list[dict]:
    today = DailyMessages.objects.filter(day=timezone.localdate()).exclude(room__kind=Room.Kind.DIRECT)
    rows = list(today.select_related("room").order_by("-messages", "room__name")[:ROOMS_SHOWN])
    days = activity.by_day([row.room_id for row in rows], DAYS)
    here = connections.people_in([row.room.slug for row in rows])
    return [
        {
            "room": row.room,
            "messages": row.messages,
            "here": here.get(row.room.slug, 0),
            "chart": bars(days[row.room_id], _("Messages of the last 14 days")),
        }
        for row in rows
    ]


def _last_actions() -> list[dict]:
    return [
        {
            "actor": row.actor_name or _("The site"),
            "did": RECORDED_VERBS.get(row.verb, row.verb),
            "to": row.object_name,
            "room": row.room_name if row.object_kind != "room" else "",
            "when": ago(row.at),
        }
        for row in RecordedAction.objects.order_by("-pk")[:ACTIONS_SHOWN]
    ]


def _midnight() -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate(), time.min))


def _grouped(number: int):
    return format_html("{}", f"{number:,}".replace(",", "\u202f"))
