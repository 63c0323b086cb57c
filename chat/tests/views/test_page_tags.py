"""Template tags of pages: parts that are rendered once, and links to style sheets and scripts."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Engine, RequestContext, Template
from django.utils import translation

from chat import scripts, stylesheets
from chat.templatetags import pages

STATIC = Path(settings.BASE_DIR, "chat", "static", "chat")
PART = """{% load i18n %}{% if is_member %}{% translate "Yes" %}{% else %}{% translate "No" %}{% endif %}, {{ name }}
{{ user }}{{ request.path }}{{ csrf_token }}"""
PAGE = '{% load pages %}{% cached_include "part.html" name=name is_member=is_member %}'


@pytest.fixture
def rendered(monkeypatch):
    """The names of the templates that were rendered. Each name stands for the template PART. The cache is empty."""
    names = []

    def render(name, values):
        names.append(name)
        return Engine.get_default().from_string(PART).render(Context(values))

    monkeypatch.setattr(pages, "render_to_string", render)
    pages._render_once.cache_clear()
    yield names
    pages._render_once.cache_clear()


def page(request=None, **values) -> str:
    """A page that includes PART, rendered for `request`."""
    return Engine.get_default().from_string(PAGE).render(RequestContext(request, {"is_member": True, **values}))


def test_a_part_is_rendered_once_for_each_language_and_each_set_of_values(rendered):
    assert page(name="alice").strip() == page(name="alice").strip() == "Yes, alice"
    assert len(rendered) == 1
    assert page(name="bob").strip() == "Yes, bob"
    assert page(name="bob", is_member=False).strip() == "No, bob"
    with translation.override("de"):
        assert page(name="bob").strip() == "Ja, bob"
    assert page(name="bob").strip() == "Yes, bob"
    assert len(rendered) == 4


def test_a_part_gets_neither_the_user_nor_the_request_nor_a_token(rendered, rf):
    request = rf.get("/some/page/")
    request.user = "alice"
    assert page(request, name="Lobby", user="alice", csrf_token="secret").strip() == "Yes, Lobby"


def test_a_value_is_escaped(rendered):
    assert page(name='"><script>').strip() == "Yes, &quot;&gt;&lt;script&gt;"


def test_a_part_is_ascii(rendered):
    assert page(name="\N{GRINNING FACE} \N{CJK UNIFIED IDEOGRAPH-6F22}").strip() == "Yes, &#128512; &#28450;"


def test_in_debug_mode_a_changed_template_shows_at_once(rendered, settings):
    settings.DEBUG = True
    page(name="alice")
    page(name="alice")
    assert len(rendered) == 2


def test_a_page_loads_a_script_as_one_file():
    html = Template('{% load pages %}{% script "app" blocking="render" %}').render(Context())
    assert html == '<script type="module" src="/static/chat/bundles/app.js" blocking="render"></script>'


def test_in_debug_mode_a_page_preloads_every_module_of_a_script(settings):
    settings.DEBUG = True
    html = Template('{% load pages %}{% script "admin/page" %}').render(Context())
    *links, element = html.splitlines()
    assert element.strip() == '<script type="module" src="/static/chat/admin/page.js"></script>'
    assert [link.strip() for link in links] == [
        f'<link rel="modulepreload" href="/static/{path}">' for path in scripts.modules("admin/page")
    ]


def test_a_page_links_to_a_bundle_as_one_file():
    html = Template('{% load pages %}{% stylesheets "base" %}').render(Context())
    assert html == '<link rel="stylesheet" href="/static/chat/bundles/base.css">'


def test_in_debug_mode_a_page_links_to_each_style_sheet_of_a_bundle(settings):
    settings.DEBUG = True
    html = Template('{% load pages %}{% stylesheets "base" %}').render(Context())
    assert html.splitlines() == [
        '<link rel="stylesheet" href="/static/chat/base.css">',
        '  <link rel="stylesheet" href="/static/chat/forms.css">',
    ]


def test_a_bundle_has_its_style_sheets_in_their_order():
    texts = [(STATIC / f"{name}.css").read_text() for name in ("base", "forms")]
    assert stylesheets.text("base") == "\n".join(texts)


def test_every_style_sheet_is_in_a_bundle_or_in_a_page():
    bundled = {name for bundle in stylesheets.BUNDLES for name in stylesheets.names(bundle)}
    html = "".join(path.read_text() for path in Path(settings.BASE_DIR, "templates").rglob("*.html"))
    names = {path.relative_to(STATIC.parent).as_posix() for path in STATIC.rglob("*.css")}
    assert {name for name in names - bundled if name not in html} == set()
