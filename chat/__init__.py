"""Rooms, their log, and the live path: a Django app that also fits a site with users of its own."""
