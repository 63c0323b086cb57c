"""The tags of pages: modules that load at once."""

import pytest
from django.template import Context, Template


@pytest.mark.parametrize("module", ["app.js", "elements/timeline.js"])
def test_every_module_is_asked_for_with_the_page(module):
    page = Template('{% load pages %}{% module_preloads "chat" %}').render(Context())
    assert f'<link rel="modulepreload" href="/static/chat/{module}">' in page
