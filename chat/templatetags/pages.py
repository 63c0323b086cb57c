"""Template tags of pages."""

from functools import cache, lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from chat import scripts
from chat import stylesheets as bundles

register = template.Library()
MAX_CACHED_PARTS = 1000
"""Limit of cached parts. Most are 1 to 8 kB long. Some are per room and language, none is per person."""


@register.simple_tag
def cached_include(template_name: str, **values: str | bool) -> str:
    """Include a template that is rendered once for each language and each set of `values`.

    The template gets `values` and nothing else: no request, no user, no CSRF token. So a cached text cannot hold data
    of another person, and a value that the template uses cannot be missing from the cache key.

    The texts are kept in the memory of this process: a new release starts without any. Django's `{% cache %}` does the
    same with 14 µs more for each part (a hash of the key, a lock, pickle): together 4 % of a room's page.
    """
    render = _render if settings.DEBUG else _render_once
    return render(template_name, get_language(), tuple(values.items()))


def _render(template_name: str, language: str | None, values: tuple[tuple[str, str | bool], ...]) -> str:
    return in_ascii(mark_safe(render_to_string(template_name, dict(values))))


_render_once = lru_cache(MAX_CACHED_PARTS)(_render)


@register.filter
def in_ascii(text: str) -> str:
    """HTML with character references instead of what is not ASCII. With one emoji in a page, Python would store and
    copy all of its characters in 4 bytes each, and need 0.3 ms more to encode them."""
    return mark_safe(conditional_escape(text).encode("ascii", "xmlcharrefreplace").decode())


@register.simple_tag
def script(name: str, blocking: str = "") -> str:
    """The element for a script of `chat/scripts.py`. `blocking="render"`: the page is not drawn before it has run.

    With DEBUG, it loads the modules themselves, and a `modulepreload` link for each lets the browser load them all at
    once, not one level of imports after the other."""
    preloads = _modules(name) if settings.DEBUG else []
    links = format_html_join("", '<link rel="modulepreload" href="{}">\n  ', ((static(path),) for path in preloads))
    src = static(scripts.source(name) if settings.DEBUG else scripts.path(name))
    return links + format_html('<script type="module" src="{}"{}></script>', src, _blocking(blocking))


@register.simple_tag
def stylesheets(bundle: str) -> str:
    """A link for a bundle of `chat/stylesheets.py`; with DEBUG, one for each style sheet in it."""
    paths = bundles.names(bundle) if settings.DEBUG else [bundles.path(bundle)]
    return format_html_join("\n  ", '<link rel="stylesheet" href="{}">', ((static(path),) for path in paths))


# Read once, also with DEBUG: a module that is added later is loaded without a link.
_modules = cache(scripts.modules)


def _blocking(value: str) -> str:
    return format_html(' blocking="{}"', value) if value else ""
