"""The tags of pages: data blocks, what is rendered once, modules that load at once."""

import json

import pytest
from django.template import Context, Template
from django.utils import translation

from chat.events.shapes import GuestOut


def rendered(source: str, **context) -> str:
    return Template("{% load i18n pages %}" + source).render(Context(context))


def test_text_in_a_data_block_cannot_end_it():
    nasty = GuestOut(name="</script><script>alert(1)</script><!-- & \u2028")

    block = rendered('{% data_block shape "data" %}', shape=nasty)

    opening, text = block.split(">", 1)
    inside = text.removesuffix("</script>")
    assert opening == '<script id="data" type="application/json"'
    assert not set("<>&") & set(inside)
    assert json.loads(inside) == {"name": nasty.name}


def test_the_name_of_a_data_block_is_escaped():
    assert 'id="&quot;&gt;"' in rendered("{% data_block shape name %}", shape=GuestOut(name="x"), name='">')


def test_what_is_rendered_once_is_the_same_for_the_next_request_and_knows_nothing_of_this_one():
    template = Template("{% load pages %}{% once %}[{{ secret }}]{% endonce %}{{ secret }}")

    pages = [template.render(Context({"secret": who})) for who in ("alice", "bob")]

    assert pages == ["[]alice", "[]bob"]


def test_what_is_rendered_once_is_rendered_once_for_each_language():
    template = Template('{% load i18n pages %}{% once %}{% translate "Yes" %}{% endonce %}')

    said = []
    for language in ("en", "de", "en"):
        with translation.override(language):
            said.append(template.render(Context()))

    assert said == ["Yes", "Ja", "Yes"]


@pytest.mark.parametrize("module", ["app.js", "elements/timeline.js"])
def test_every_module_is_asked_for_with_the_page(module):
    assert f'<link rel="modulepreload" href="/static/chat/{module}">' in rendered('{% module_preloads "chat" %}')
