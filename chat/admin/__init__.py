"""Rooms, people and moderation in Django's admin; every change goes through domain."""

from . import invites, memberships, messages, people, rooms, site

__all__ = ["invites", "memberships", "messages", "people", "rooms", "site"]
