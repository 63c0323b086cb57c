"""The cast, for the tests of this folder."""

from chat.tests.cast import alice, bob, charlie, dora, harbour, lobby, set_up_site
from chat.tests.talk import garden, gina, heard

__all__ = ["alice", "bob", "charlie", "dora", "garden", "gina", "harbour", "heard", "lobby", "set_up_site"]
