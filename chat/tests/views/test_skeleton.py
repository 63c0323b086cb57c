"""A page that is rendered once and filled for each: it says what the template would, and nothing of another person."""

import pytest
from django.template import Context, Engine, Template
from django.utils import translation
from django.utils.safestring import SafeString

from chat.views import skeleton
from chat.views.skeleton import slot

SOURCE = """{% load i18n %}<a href="{% url 'chat:room' room %}" title="{{ name }}">{{ name }}</a>{{ data }}{{ more }}
{% if is_member %}{% translate "Yes" %}{% else %}{% translate "No" %}{% endif %}"""


@pytest.fixture
def rendered(monkeypatch):
    """How often the template has been rendered, in a list of one number."""
    count = [0]

    class Counted(Template):
        def render(self, context):
            count[0] += 1
            return super().render(Context(context))

    monkeypatch.setattr(skeleton, "get_template", lambda _name: Counted(SOURCE, engine=Engine.get_default()))
    return count


@pytest.fixture
def page(rendered):
    """Function that fills a page of the template above."""

    @skeleton.skeleton("a template")
    def render(*, is_member: bool) -> dict:
        return {
            "room": slot("room"),
            "name": slot("name"),
            "data": slot("data"),
            "more": slot("more"),
            "is_member": is_member,
        }

    def fill(name: str, *, is_member=True) -> str:
        html = render({"room": "harbour", "name": name, "data": b"<b>", "more": SafeString("<i>")}, is_member=is_member)
        return html.decode()

    return fill


def test_it_is_rendered_once_for_each_way_it_can_look_and_each_language(page, rendered):
    assert page("alice").endswith("Yes")
    assert page("bob").endswith("Yes")
    assert rendered == [1]
    assert page("bob", is_member=False).endswith("No")
    with translation.override("de"):
        assert page("bob").endswith("Ja")
    assert rendered == [3]


def test_each_gets_their_own_texts_escaped(page):
    assert '<a href="/rooms/harbour/" title="alice">alice</a><b><i>' in page("alice")
    evil = '"><script>'
    assert page(evil).count("&quot;&gt;&lt;script&gt;") == 2
    assert "alice" not in page(evil)


def test_a_name_that_looks_like_a_slot_is_a_name(page):
    assert page("--0000-data--").count("--0000-data--") == 2


def test_a_text_that_is_missing_is_an_error_and_no_hole(rendered):
    render = skeleton.skeleton("a template")(lambda: {"room": slot("room"), "name": slot("name")})
    with pytest.raises(KeyError, match="name"):
        render({"room": "harbour"})


def test_with_debug_a_changed_template_shows_at_once(page, rendered, settings):
    settings.DEBUG = True
    page("alice")
    page("alice")
    assert rendered == [2]
