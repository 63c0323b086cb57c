"""docs/settings.md describes every variable and is up to date."""

import pytest

from chat.tests.services.environment import SITE_VARIABLES
from project.configuration import reference

from .reading import read_settings


@pytest.fixture(scope="module")
def known():
    """What project/settings.py reads, with the defaults of an empty environment."""
    return read_settings()["env"].known


def test_the_committed_file_is_what_the_settings_generate(known):
    message = "run: python -m project.configuration.reference"
    assert reference.FILE.read_text() == reference.render(known), message


def test_the_file_describes_each_variable_of_the_settings_once(known):
    described = [name for group in reference.MEANINGS.values() for name in group]
    assert sorted(described) == sorted(known) == SITE_VARIABLES


def test_a_variable_without_a_meaning_is_an_error_that_names_it(known):
    more = {**known, "NEW_LIMIT": known["PORT"]}
    with pytest.raises(KeyError, match="NEW_LIMIT"):
        reference.render(more)
