"""The live page: how busy the workers are now. The figures come over a socket of their own (`chat.live.board`)."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from chat.domain import live_board

CARDS = [
    ("sockets", _("Sockets"), _("of pages and programs")),
    ("messages", _("Messages a minute"), _("with edits and reactions")),
    ("deliveries", _("Deliveries a second"), _("frames written to sockets")),
    ("delay", _("Fan-out delay"), _("of 95 % of the events")),
]
FACTS = [
    ("layer", _("Between workers")),
    ("database", _("Database")),
    ("jobs", _("Jobs that wait")),
    ("slow_readers", _("Slow readers")),
    ("gaps", _("Gaps closed")),
    ("unsent", _("Not sent yet")),
]
"""By the names that `admin/live/view.js` knows."""


def page(request):
    """The page, for staff who may watch. The admin's own check (staff) came before."""
    if not request.user.has_perm(live_board.PERMISSION):
        raise PermissionDenied
    context = admin.site.each_context(request) | {"title": _("Live"), "cards": CARDS, "facts": FACTS}
    return TemplateResponse(request, "admin/chat/live.html", context)
