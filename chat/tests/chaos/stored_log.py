"""The log in the database, read with plain SQL: the other side of the comparison.

It is independent of the code under test.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import psycopg

MESSAGES = """
    SELECT r.slug, m.id, m.seq, m.version, m.client_id, m.author_id, m.text, m.html, m.reply_to_id,
           m.created_at, m.edited_at, m.deleted_at IS NOT NULL, m.previews, m.attachments,
           m.thread_id, m.in_room, m.replies, m.poll
    FROM chat_message m JOIN chat_room r ON r.id = m.room_id
"""
VOTES = "SELECT message_id, user_id, option FROM chat_pollvote ORDER BY option"
REACTIONS = "SELECT message_id, emoji, user_id FROM chat_reaction ORDER BY id"
ROOMS = """
    SELECT r.slug, h.version, r.name, r.topic, r.changed_version
    FROM chat_room r JOIN chat_roomhead h ON h.room_id = r.id
"""
FILES = "SELECT id, message_id, state, sha256, storage_name, thumbs FROM chat_attachment WHERE message_id IS NOT NULL"
JOBS = "SELECT status, count(*) FROM django_tasks_database_dbtaskresult GROUP BY status"
# Without the job that is not repeated after an error: its next run does the same work.
GIVEN_UP = """
    SELECT task_path, exception_class_path FROM django_tasks_database_dbtaskresult
    WHERE status = 'FAILED' AND task_path <> 'chat.jobs.activity.count_messages'
"""
# `is_hidden`: hidden at a version that no message has passed.
DIRECT_MEMBERS = """
    SELECT r.slug, p.user_id, p.hidden_seq IS NOT NULL AND p.hidden_seq >= COALESCE(
        (SELECT max(m.seq) FROM chat_message m WHERE m.room_id = r.id AND m.in_room), 0)
    FROM chat_room r JOIN chat_membership p ON p.room_id = r.id WHERE r.kind = 'direct'
"""
FIELDS = (
    "id seq version client_id author text html reply_to at edited_at deleted previews attachments "
    "thread in_room replies poll"
).split()


class StoredFile(NamedTuple):
    """The row of a file of a message. `name`: in the storage; `made`: the kinds of what was made of it."""

    message: int
    state: str
    sha256: str
    name: str
    made: list[str]


@dataclass
class StoredLog:
    """Rooms by slug (`version`, `name`, `topic`, `changed_version`); their messages by slug and id, as on the wire, but
    with the addresses of the `previews` only. `jobs`: the number of background jobs by their status;
    `given_up`: those that failed for good, with their errors. `direct`: the ids of the users of each direct room;
    `hidden`: (slug, user id) of those who have hidden it. `files`: those of messages, by id. `votes`: the options that
    people chose, by the ids of the message and the user."""

    rooms: dict[str, dict] = field(default_factory=dict)
    messages: dict[str, dict[int, dict]] = field(default_factory=dict)
    jobs: dict[str, int] = field(default_factory=dict)
    given_up: list[str] = field(default_factory=list)
    votes: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)
    direct: dict[str, set[int]] = field(default_factory=dict)
    hidden: set[tuple[str, int]] = field(default_factory=set)
    files: dict[int, StoredFile] = field(default_factory=dict)

    @property
    def unfinished_jobs(self) -> int:
        """How many background jobs wait or run."""
        return self.jobs.get("READY", 0) + self.jobs.get("RUNNING", 0)

    @property
    def previews(self) -> int:
        """How many previews there are."""
        return sum(len(message["previews"]) for room in self.messages.values() for message in room.values())

    @classmethod
    def read(cls, url: str) -> "StoredLog":
        """Read everything in one snapshot."""
        stored = cls()
        with psycopg.connect(url) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for slug, *values in connection.execute(ROOMS):
                names = ("version", "name", "topic", "changed_version")
                stored.rooms[slug] = dict(zip(names, values, strict=True))
                stored.messages[slug] = {}
            everywhere = {}
            for slug, *values in connection.execute(MESSAGES):
                message = dict(zip(FIELDS, values, strict=True)) | {"reactions": {}}
                message["client_id"] = str(message["client_id"])
                message["previews"] = [entry["url"] for entry in message["previews"] or ()]
                message["attachments"] = message["attachments"] or []
                message["replies"] = _without_time(message["replies"])
                message["poll"] = _counts(message["poll"])
                message["at"], message["edited_at"] = _stamp(message["at"]), _stamp(message["edited_at"])
                stored.messages[slug][message["id"]] = everywhere[message["id"]] = message
            for message, emoji, user in connection.execute(REACTIONS):
                if not everywhere[message]["deleted"]:
                    everywhere[message]["reactions"].setdefault(emoji, []).append(user)
            for id, *values in connection.execute(FILES):
                stored.files[id] = StoredFile(*values)
            for message, user, option in connection.execute(VOTES):
                stored.votes[message, user] = (*stored.votes.get((message, user), ()), option)
            stored.jobs = dict(connection.execute(JOBS).fetchall())
            stored.given_up = [f"{job}: {error}" for job, error in connection.execute(GIVEN_UP)]
            for slug, user, is_hidden in connection.execute(DIRECT_MEMBERS):
                stored.direct.setdefault(slug, set()).add(user)
                if is_hidden:
                    stored.hidden.add((slug, user))
        return stored


def _counts(poll: dict | None) -> dict | None:
    """What is compared of a poll: how many people chose each option, and who is named."""
    if poll is None:
        return None
    return {
        "votes": [one["votes"] for one in poll["options"]],
        "voters": poll["voters"],
        "people": [[person["id"] for person in one["people"]] for one in poll["options"]],
    }


def _stamp(at) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def _without_time(replies: dict | None) -> dict | None:
    """The summary of a thread, without the time, which the two sides write differently."""
    return replies and {name: replies[name] for name in ("count", "people")}


def as_row(message: dict) -> dict:
    """Convert a message of a client's copy to the form of `StoredLog.messages`."""
    row = {name: message[name] for name in FIELDS if name != "author"}
    reactions = {one["emoji"]: [person["id"] for person in one["people"]] for one in message["reactions"]}
    row["replies"] = _without_time(row["replies"])
    row["poll"] = _counts(message["poll"])
    row["previews"] = [preview["url"] for preview in message["previews"]]
    return row | {"author": message["author"] and message["author"]["id"], "reactions": reactions}
