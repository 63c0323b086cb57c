"""Reads the site's settings from the environment, and stops the start for a value that cannot work."""
