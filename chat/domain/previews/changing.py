"""Changes the previews of a message after an edit, a deletion, or the removal of one preview.

Each function returns the columns that change, by name. Pictures that are no longer used are deleted after the commit.
"""

from typing import Any

from django.utils.translation import gettext as _

from chat.domain.errors import NotFound
from chat.models import Message

from . import files, links


def by_edit(message: Message, html: str) -> dict[str, Any]:
    """Keep only the previews of links that the new HTML has."""
    if not message.previews:
        return {}
    wanted = links.links_of(html)
    return _keep(message, [entry for entry in message.previews if entry["url"] in wanted])


def by_deletion(message: Message) -> dict[str, Any]:
    """Remove all previews, because the message is deleted."""
    return _keep(message, []) if message.previews else {}


def by_removal(message: Message, url: str) -> dict[str, Any]:
    """Remove the preview of this link; a later edit does not add it again. Raises NotFound."""
    entries: list[dict[str, Any]] = message.previews or []
    removed = [entry for entry in entries if entry["url"] == url]
    if not removed:
        raise NotFound(_("This message has no such preview."), field="url")
    files.delete_after_commit(message.pk, removed)
    return {"previews": [{"url": url, "removed": True} if entry in removed else entry for entry in entries]}


def _keep(message: Message, kept: list[dict[str, Any]]) -> dict[str, Any]:
    files.delete_after_commit(message.pk, (entry for entry in message.previews or () if entry not in kept))
    return {} if kept == message.previews else {"previews": kept or None}
