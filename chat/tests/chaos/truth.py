"""The log as the database has it, read with plain SQL: the other side of the comparison, apart from all our code."""

from dataclasses import dataclass, field

import psycopg

MESSAGES = """
    SELECT r.slug, m.id, m.seq, m.version, m.client_id, m.author_id, m.text, m.html, m.reply_to_id,
           m.created_at, m.edited_at, m.deleted_at IS NOT NULL
    FROM chat_message m JOIN chat_room r ON r.id = m.room_id
"""
REACTIONS = "SELECT message_id, emoji, user_id FROM chat_reaction ORDER BY id"
ROOMS = """
    SELECT r.slug, h.version, r.name, r.topic, r.changed_version
    FROM chat_room r JOIN chat_roomhead h ON h.room_id = r.id
"""
FIELDS = "id seq version client_id author text html reply_to at edited_at deleted".split()


@dataclass
class Truth:
    """Rooms by slug (`version`, `name`, `topic`, `changed_version`); their messages by slug and id, as on the wire."""

    rooms: dict[str, dict] = field(default_factory=dict)
    messages: dict[str, dict[int, dict]] = field(default_factory=dict)

    @classmethod
    def read(cls, url: str) -> "Truth":
        """Read it all, in one snapshot."""
        truth = cls()
        with psycopg.connect(url) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for slug, *values in connection.execute(ROOMS):
                names = ("version", "name", "topic", "changed_version")
                truth.rooms[slug] = dict(zip(names, values, strict=True))
                truth.messages[slug] = {}
            everywhere = {}
            for slug, *values in connection.execute(MESSAGES):
                message = dict(zip(FIELDS, values, strict=True)) | {"reactions": {}}
                message["client_id"] = str(message["client_id"])
                message["at"], message["edited_at"] = _stamp(message["at"]), _stamp(message["edited_at"])
                truth.messages[slug][message["id"]] = everywhere[message["id"]] = message
            for message, emoji, user in connection.execute(REACTIONS):
                if not everywhere[message]["deleted"]:
                    everywhere[message]["reactions"].setdefault(emoji, []).append(user)
        return truth


def _stamp(at) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def as_row(message: dict) -> dict:
    """A message of a client's copy, in the form of `Truth.messages`."""
    row = {name: message[name] for name in FIELDS if name != "author"}
    reactions = {one["emoji"]: [person["id"] for person in one["people"]] for one in message["reactions"]}
    return row | {"author": message["author"] and message["author"]["id"], "reactions": reactions}
