"""Parley's settings with one more URL: an empty view, to compare pages with."""

from project.settings import *  # noqa: F403

ROOT_URLCONF = "bench.site_urls"
