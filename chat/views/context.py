"""What every page knows without its view."""

from django.utils.functional import SimpleLazyObject

from chat.models import Site


def site(request) -> dict:
    """`site`, the site's row. Read when a template first asks for it: a redirect costs no query."""
    return {"site": SimpleLazyObject(Site.current)}
