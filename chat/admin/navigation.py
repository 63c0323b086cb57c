"""The sections of the admin's navigation: the registered models by what an operator wants to do."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chat.domain import live_board

SECTIONS = [
    (_("Talk"), ["room", "membership", "invite", "message", "revision", "roomopening"]),
    (_("People"), ["user", "group", "profile", "accountban", "guestban", "restriction", "accountwork"]),
    (_("Moderation"), ["report", "heldmessage", "messagefilter", "personmute"]),
    (_("Site"), ["site", "customemoji", "job", "recordedaction"]),
]
"""The names of models by section. A model that is in none of them is in the last section, “More”."""


def sections(request, apps: list[dict]) -> list[dict]:
    """What the navigation shows to a staff user: sections with links (name, url, current).

    `apps`: what `AdminSite.get_app_list` returned, which leaves out what the user has no permission for.
    """
    models = {model["object_name"].lower(): model for app in apps for model in app["models"] if model["admin_url"]}
    found = [_section(request, _("Overview"), _pages(request))]
    for label, names in SECTIONS:
        found.append(_section(request, label, [_link(models.pop(name)) for name in names if name in models]))
    found.append(_section(request, _("More"), [_link(model) for model in models.values()]))
    return [section for section in found if section["links"]]


def _pages(request) -> list[dict]:
    pages = [{"name": _("Today"), "url": reverse("admin:index"), "exact": True}]
    if request.user.has_perm(live_board.PERMISSION):
        pages.append({"name": _("Live"), "url": reverse("admin:live")})
    return pages


def _link(model: dict) -> dict:
    return {"name": model["name"], "url": model["admin_url"]}


def _section(request, label, links: list[dict]) -> dict:
    for link in links:
        path = request.path
        link["current"] = path == link["url"] if link.get("exact") else path.startswith(link["url"])
    return {"label": label, "links": links}
