"""Parley's own settings, and one address more: an empty view, to measure a page against."""

from project.settings import *  # noqa: F403

ROOT_URLCONF = "bench.site_urls"
