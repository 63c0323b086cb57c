"""A foreign site for each test."""

import pytest

from .foreign_site import ForeignSite


@pytest.fixture
def foreign():
    """A web site of somebody else."""
    site = ForeignSite()
    yield site
    site.stop()
