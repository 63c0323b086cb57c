"""The cast, for the tests of this folder."""

from chat.tests.cast import alice, bob, charlie, dora, harbour, lobby, set_up_site

__all__ = ["alice", "bob", "charlie", "dora", "harbour", "lobby", "set_up_site"]
