"""The cast, for the tests of this folder."""

from chat.tests.cast import alice, bob, charlie, dora, garden, harbour, lobby, set_up_site
from chat.tests.talk import capture_published, gina

__all__ = ["alice", "bob", "capture_published", "charlie", "dora", "garden", "gina", "harbour", "lobby", "set_up_site"]
