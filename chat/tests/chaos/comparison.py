"""Compare the copies of clients with the database, and both with the expectations of the clients. No I/O."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from chat.tests.room_copy import RoomCopy

from .expectations import Expectations
from .stored_log import StoredLog, as_row

DigestOf = Callable[[str], str | None]
"""Returns the SHA-256 of a file in the storage, by its name; None without such a file."""


@dataclass
class Comparison:
    """Differences, in sentences.

    `lost`: acknowledged, but not in the log; or in the log, but missing or older in a copy. `duplicated`: posted once,
    present twice. `unexpected`: present, but not posted by anybody, or refused. `out_of_order`: another order or
    version. `leaked`: received by a user after their removal from the room.
    """

    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    leaked: list[str] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        """Whether there are no differences."""
        return not (self.lost or self.duplicated or self.unexpected or self.out_of_order or self.leaked)

    def compare_log(self, stored: StoredLog, expectations: Expectations) -> None:
        """Compare the log with the expectations."""
        rows = {row["id"]: row for messages in stored.messages.values() for row in messages.values()}
        by_client_id = {row["client_id"]: row for row in rows.values()}
        for client_id, times in Counter(row["client_id"] for row in rows.values()).items():
            if times > 1:
                self.duplicated.append(f"{client_id} is in the log {times} times")
        for client_id, post in expectations.posts.items():
            row = by_client_id.pop(client_id, None)
            if row is None:
                if post.promised:
                    self.lost.append(f"scheduled message {client_id}")
                elif post.message is not None:
                    self.lost.append(f"post {client_id}, acknowledged as message {post.message}")
            elif post.refused:
                self.unexpected.append(f"post {client_id}, refused as {post.refused}, is message {row['id']}")
            elif row["author"] != post.user or row["id"] not in stored.messages[post.room]:
                self.unexpected.append(f"message {row['id']} has another room or author than its post")
            else:
                self._compare_changes(row, post.text, expectations)
        self.unexpected += [f"message {row['id']}, which nobody posted" for row in by_client_id.values()]
        self._compare_senders(rows, expectations)

    def compare_previews(self, stored: StoredLog, link: str) -> None:
        """Each message whose text has the link must have its preview, once, whatever happened to the workers."""
        if stored.unfinished_jobs:
            self.lost.append(f"background jobs: {stored.jobs}")
        self.lost += stored.given_up
        for row in (row for messages in stored.messages.values() for row in messages.values()):
            # Not in its text: a link in a block of code is none.
            expected = 1 if f'href="{link}"' in row["html"] else 0
            if len(row["previews"]) < expected:
                self.lost.append(f"the preview of message {row['id']}")
            elif len(row["previews"]) > expected:
                self.duplicated.append(f"message {row['id']} has {len(row['previews'])} previews for {expected} links")

    def compare_files(self, stored: StoredLog, expectations: Expectations, digest_of: DigestOf) -> None:
        """Each file of an acknowledged post must be in its message and in the storage, byte for byte, and ready."""
        self.lost += expectations.broken_uploads
        rows = {row["id"]: row for messages in stored.messages.values() for row in messages.values()}
        for id, sent in expectations.files.items():
            message, file = rows.get(sent.message), stored.files.get(id)
            if message is None or message["deleted"]:
                # Without its message: reported by `compare_log`, if nobody deleted it.
                continue
            if file is None or file.message != sent.message or [one["id"] for one in message["attachments"]] != [id]:
                self.lost.append(f"file {id} of message {sent.message}")
                continue
            if file.state != "ready":
                self.lost.append(f"file {id} is {file.state}")
            # What others get of a picture has no metadata, and a hash of its own.
            expected = file.sha256 if sent.is_picture else sent.sha256
            if digest_of(file.name) != expected:
                self.lost.append(f"bytes of file {id} of message {sent.message}")
            if sent.is_picture and digest_of(f"{file.name}.thumb-360.webp") is None:
                self.lost.append(f"the thumbnail of file {id}")

    def compare_votes(self, stored: StoredLog, expectations: Expectations) -> None:
        """Compare the votes with the expectations, and with what the messages show."""
        rows = {row["id"]: row for messages in stored.messages.values() for row in messages.values()}
        for id, row in rows.items():
            cast = {user: options for (message, user), options in stored.votes.items() if message == id}
            if row["deleted"]:
                # The votes stay until the deletion cannot be undone any more.
                continue
            if row["poll"] is None:
                self.unexpected += [f"vote of user {user} in message {id}, which is no poll" for user in cast]
                continue
            counted = [sum(place in options for options in cast.values()) for place in range(len(row["poll"]["votes"]))]
            if row["poll"]["votes"] != counted or row["poll"]["voters"] != len(cast):
                self.lost.append(f"votes in message {id}: it shows {row['poll']}, not {counted} of {len(cast)} people")
        for (message, user), options in expectations.votes.items():
            is_certain = (message, user) not in expectations.uncertain_votes and not rows[message]["deleted"]
            if is_certain and stored.votes.get((message, user), ()) != options:
                self.lost.append(f"the vote {options} of user {user} in message {message}")

    def _compare_changes(self, row: dict, text: str, expectations: Expectations) -> None:
        id, uncertain = row["id"], expectations.uncertain_deletions
        if row["deleted"]:
            if id not in expectations.deleted and id not in uncertain:
                self.unexpected.append(f"the deletion of message {id}, which nobody requested")
            if row["text"] or row["html"]:
                self.unexpected.append(f"the text of message {id}, which was deleted")
            return
        if id in expectations.deleted:
            self.lost.append(f"the deletion of message {id}")
        last = expectations.texts.get(id, text)
        if row["text"] != last and row["text"] not in expectations.uncertain_texts.get(id, ()):
            self.lost.append(f"the last text of message {id}: {last!r}, not {row['text']!r}")
        present = {(id, user, emoji) for emoji, users in row["reactions"].items() for user in users}
        certain = {key: on for key, on in expectations.reactions.items() if key[0] == id}
        for key in present - expectations.uncertain_reactions:
            if not certain.get(key):
                self.unexpected.append(f"reaction {key}")
        for key, on in certain.items():
            if on and key not in present and key not in expectations.uncertain_reactions:
                self.lost.append(f"reaction {key}")

    def _compare_senders(self, rows: dict[int, dict], expectations: Expectations) -> None:
        last: dict[tuple[int, str], int] = {}
        for post in sorted(expectations.posts.values(), key=lambda post: post.order):
            if post.message in rows:
                seq = rows[post.message]["seq"]
                if seq < last.get((post.client, post.room), 0):
                    self.out_of_order.append(f"message {post.message} is before an earlier one of its sender")
                last[post.client, post.room] = seq

    def compare_threads(self, stored: StoredLog) -> None:
        """Each root must count its replies that are not deleted."""
        for room in stored.messages.values():
            counted = Counter(row["thread"] for row in room.values() if row["thread"] and not row["deleted"])
            for row in room.values():
                count = row["replies"]["count"] if row["replies"] else 0
                if count != counted[row["id"]]:
                    self.lost.append(f"the root {row['id']} counts {count} replies, not {counted[row['id']]}")

    def compare_direct_rooms(self, stored: StoredLog, expectations: Expectations) -> None:
        """Compare the direct rooms: the same people have one room, and nobody else is in it."""
        rooms_of: dict[tuple[int, ...], set[str]] = defaultdict(set)
        for slug, users in stored.direct.items():
            rooms_of[tuple(sorted(users))].add(slug)
        for users, slugs in rooms_of.items():
            if len(slugs) > 1:
                self.duplicated.append(f"users {users} have the direct rooms {sorted(slugs)}")
        for users, named in expectations.direct_rooms.items():
            self.unexpected += [
                f"users {users} were led to {slug}, the direct room of {sorted(stored.direct.get(slug, ()))}"
                for slug in sorted(named - rooms_of[users])
            ]

    def compare_hidden(self, who: str, user: int, rooms: set[str], hidden: set[str], stored: StoredLog) -> None:
        """Compare which of these direct `rooms` a client was told are `hidden` from their list."""
        for slug in sorted(hidden ^ {slug for slug in rooms if (slug, user) in stored.hidden}):
            self.lost.append(f"{who}, {slug}: is {'' if slug in hidden else 'not '}hidden, other than in the database")

    def compare_copy(self, who: str, copy: RoomCopy, stored: StoredLog) -> None:
        """Compare the copy of one room with the log."""
        who = f"{who}, {copy.slug}"
        room, rows = stored.rooms[copy.slug], stored.messages[copy.slug]
        held = {message["id"]: as_row(message) for message in copy.messages.values()}
        # Pages leave out replies that only their thread shows: a copy has those that came as changes.
        self.lost += [f"{who}: message {id} is missing" for id in rows.keys() - held.keys() if rows[id]["in_room"]]
        self.unexpected += [f"{who}: message {id} is not in the log" for id in held.keys() - rows.keys()]
        for client_id, times in Counter(row["client_id"] for row in held.values()).items():
            if times > 1:
                self.duplicated.append(f"{who}: {client_id} is there {times} times")
        for id in rows.keys() & held.keys():
            self._compare_form(who, held[id], rows[id])
        shown = [message["id"] for message in copy.in_order() if message["id"] in rows]
        if shown != sorted(shown, key=lambda id: rows[id]["seq"]):
            self.out_of_order.append(f"{who}: the messages are in another order")
        if copy.version != room["version"]:
            self.out_of_order.append(f"{who}: is at version {copy.version}, the room at {room['version']}")
        for name in ("name", "topic", "changed_version"):
            if copy.state.get(name) != room[name]:
                self.lost.append(f"{who}: {name} is {copy.state.get(name)!r}, not {room[name]!r}")
        self.out_of_order += [f"{who}: {fault}" for fault in copy.faults]

    def _compare_form(self, who: str, held: dict, row: dict) -> None:
        if held == row:
            return
        wrong = ", ".join(f"{name} {held[name]!r} for {row[name]!r}" for name in row if held[name] != row[name])
        if held["version"] < row["version"]:
            self.lost.append(f"{who}: a change of message {row['id']}: {wrong}")
        else:
            self.unexpected.append(f"{who}: a version of message {row['id']} that is not in the log: {wrong}")
