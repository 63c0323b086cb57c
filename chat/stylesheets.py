"""The style sheets of pages. Each is a file of one component; a site serves those of a bundle as one file.

A page of a room needs about 70 of them, and a browser would ask for each. In the order of a bundle, later rules win.
With DEBUG, pages link to the files themselves, and a change shows at the next load.
"""

from pathlib import Path

from django.contrib.staticfiles import finders

BUNDLES = {
    "base": "base forms",
    "card": "card",
    "shell": "shell sidebar room_item room_menu avatar person_card menu dialog panel members people_picker invite_link "
    "browser finders keys switcher",
    "wire": "wire/page wire/figures wire/handshake wire/frames wire/frame_detail wire/derivation wire/checks",
    "overview": "overview overview_messages scheduled",
    "room": "home option_list search search_field search_chips search_states search_results search_panel room timeline "
    "unread_bar first_run message quote message_states receipts previews files pictures players excerpts files_panel "
    "viewer actions picker sheet pins threads message_dialogs moderation room_filters poll markdown code foot composer "
    "send_button completion format upload upload_tray upload_dialog unsent_files",
    "density": "density",
    "modes": "modes",
    "admin": "base admin/theme admin/page admin/lists admin/filters admin/forms admin/buttons admin/actions "
    "admin/cards admin/live admin/accounts",
}
"""Names of style sheets in chat/static/chat, without `.css`, by the name of the bundle."""


def names(bundle: str) -> list[str]:
    """The paths of static files of the style sheets of a bundle. Raises KeyError for an unknown one."""
    return [f"chat/{name}.css" for name in BUNDLES[bundle].split()]


def path(bundle: str) -> str:
    """The path of the static file of a whole bundle."""
    return f"chat/bundles/{bundle}.css"


def text(bundle: str) -> str:
    """The style sheets of a bundle as one. Raises KeyError for an unknown one."""
    return "\n".join(Path(finders.find(name)).read_text() for name in names(bundle))
