"""Reads the site's settings from the environment. A value that cannot work stops the start."""
