"""Tags of pages."""

from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html_join

register = template.Library()


@register.simple_tag
def module_preloads(folder: str) -> str:
    """A link for each module in a folder of static files: they load at once, and not level by level."""
    return format_html_join(
        "\n  ", '<link rel="modulepreload" href="{}">', ((static(path),) for path in _modules(folder))
    )


@cache
def _modules(folder: str) -> list[str]:
    root = Path(finders.find(folder))
    return [f"{folder}/{path}" for path in sorted(path.relative_to(root).as_posix() for path in root.rglob("*.js"))]
