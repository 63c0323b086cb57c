"""Tests; the folders mirror those of the app, with browser/ and chaos/ beside them."""
