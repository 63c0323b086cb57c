"""The cast, for the tests of this folder."""

from chat.tests.cast import alice, bob, charlie, dora, garden, harbour, lobby, set_up_site
from chat.tests.talk import capture_published, gina
from chat.tests.uploading import files_folder

__all__ = [
    "alice",
    "bob",
    "capture_published",
    "charlie",
    "dora",
    "files_folder",
    "garden",
    "gina",
    "harbour",
    "lobby",
    "set_up_site",
]
