"""Names on the channel layer."""

SITE = "site"
"""The one group of the site: each process's hub is in it, and hears everything."""
