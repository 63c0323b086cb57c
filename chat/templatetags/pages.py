"""Tags that keep a page cheap."""

from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

register = template.Library()

_ESCAPES = {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"}


@register.simple_tag
def data_block(shape, element_id: str) -> str:
    """A shape as a JSON data block, for modules to read: what `json_script` does, by the shape's own encoder."""
    text = shape.encode()
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return format_html('<script id="{}" type="application/json">{}</script>', element_id, mark_safe(text))


@register.simple_tag
def module_preloads(folder: str) -> str:
    """A link for each module in a folder of static files: they load at once, and not level by level."""
    root = Path(finders.find(folder))
    paths = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.js"))
    addresses = ((static(f"{folder}/{path}"),) for path in paths)
    return format_html_join("\n  ", '<link rel="modulepreload" href="{}">', addresses)


@register.tag
def once(parser, token):
    """`{% once %} … {% endonce %}`: a part that is the same on every page, whoever asks and whatever it shows.

    It is rendered once a language and process, and then only joined in: icons, phrases, the addresses of style sheets.
    """
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(nodelist)


class OnceNode(template.Node):
    """Keeps what its nodes made. The node lives as long as its compiled template."""

    def __init__(self, nodelist):
        self.nodelist = nodelist
        self.kept = {}

    def render(self, context):
        """The kept text of this language, made on first use."""
        language = get_language()
        if language not in self.kept:
            # A context of its own: what depends on the request would otherwise be shown to the next one.
            self.kept[language] = self.nodelist.render(context.new())
        return self.kept[language]
