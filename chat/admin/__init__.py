"""Rooms, people and moderation in Django's admin; every change goes through domain."""

from . import guest_bars, invites, memberships, messages, people, rooms, site

__all__ = ["guest_bars", "invites", "memberships", "messages", "people", "rooms", "site"]
