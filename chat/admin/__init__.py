"""Rooms, people and moderation in Django's admin; every change goes through domain."""
