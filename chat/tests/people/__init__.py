"""Tests of the site's user model, and of chat on a site with another one."""
