"""The comparison: each client's copy with the database, and both with what the clients know they did. No I/O."""

from collections import Counter
from dataclasses import dataclass, field

from chat.tests.room_copy import RoomCopy

from .ledger import Ledger
from .truth import Truth, as_row


@dataclass
class Verdict:
    """What went wrong, in sentences.

    `lost`: acknowledged, and not in the log; or in the log, and missing or older in a copy. `doubled`: said once, there
    twice. `ghosts`: there, and said by nobody, or refused. `disordered`: in another order, or with another version.
    `leaked`: heard by someone who had been removed from the room before it was said.
    """

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    ghosts: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    leaked: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether all is well."""
        return not (self.lost or self.doubled or self.ghosts or self.disordered or self.leaked)

    def judge_log(self, truth: Truth, ledger: Ledger) -> None:
        """Compare the log with what the clients did."""
        rows = {row["id"]: row for messages in truth.messages.values() for row in messages.values()}
        by_client_id = {row["client_id"]: row for row in rows.values()}
        for client_id, times in Counter(row["client_id"] for row in rows.values()).items():
            if times > 1:
                self.doubled.append(f"{client_id} is in the log {times} times")
        for client_id, said in ledger.said.items():
            row = by_client_id.pop(client_id, None)
            if row is None:
                if said.message is not None:
                    self.lost.append(f"post {client_id}, acknowledged as message {said.message}")
            elif said.refused:
                self.ghosts.append(f"post {client_id}, refused as {said.refused}, is message {row['id']}")
            elif row["author"] != said.user or row["id"] not in truth.messages[said.room]:
                self.ghosts.append(f"message {row['id']} is not where or whose it was said")
            else:
                self._judge_changes(row, said.text, ledger)
        self.ghosts += [f"message {row['id']}, which nobody said" for row in by_client_id.values()]
        self._judge_senders(rows, ledger)

    def _judge_changes(self, row: dict, text: str, ledger: Ledger) -> None:
        id, doubted = row["id"], ledger.doubted_deletions
        if row["deleted"]:
            if id not in ledger.deleted and id not in doubted:
                self.ghosts.append(f"the deletion of message {id}, which nobody asked for")
            if row["text"] or row["html"]:
                self.ghosts.append(f"the text of message {id}, which was deleted")
            return
        if id in ledger.deleted:
            self.lost.append(f"the deletion of message {id}")
        last = ledger.texts.get(id, text)
        if row["text"] != last and row["text"] not in ledger.doubted_texts.get(id, ()):
            self.lost.append(f"the last text of message {id}: {last!r}, not {row['text']!r}")
        there = {(id, user, emoji) for emoji, users in row["reactions"].items() for user in users}
        certain = {key: on for key, on in ledger.reactions.items() if key[0] == id}
        for key in there - ledger.doubted_reactions:
            if not certain.get(key):
                self.ghosts.append(f"reaction {key}")
        for key, on in certain.items():
            if on and key not in there and key not in ledger.doubted_reactions:
                self.lost.append(f"reaction {key}")

    def _judge_senders(self, rows: dict[int, dict], ledger: Ledger) -> None:
        last: dict[tuple[int, str], int] = {}
        for said in sorted(ledger.said.values(), key=lambda said: said.order):
            if said.message in rows:
                seq = rows[said.message]["seq"]
                if seq < last.get((said.client, said.room), 0):
                    self.disordered.append(f"message {said.message} comes before what its sender said earlier")
                last[said.client, said.room] = seq

    def judge_copy(self, who: str, copy: RoomCopy, truth: Truth) -> None:
        """Compare one client's copy of one room with the log."""
        who = f"{who}, {copy.slug}"
        room, rows = truth.rooms[copy.slug], truth.messages[copy.slug]
        held = {message["id"]: as_row(message) for message in copy.messages.values()}
        self.lost += [f"{who}: message {id} is missing" for id in rows.keys() - held.keys()]
        self.ghosts += [f"{who}: message {id} is not in the log" for id in held.keys() - rows.keys()]
        for client_id, times in Counter(row["client_id"] for row in held.values()).items():
            if times > 1:
                self.doubled.append(f"{who}: {client_id} is shown {times} times")
        for id in rows.keys() & held.keys():
            self._judge_form(who, held[id], rows[id])
        shown = [message["id"] for message in copy.in_order() if message["id"] in rows]
        if shown != sorted(shown, key=lambda id: rows[id]["seq"]):
            self.disordered.append(f"{who}: its messages are in another order")
        if copy.version != room["version"]:
            self.disordered.append(f"{who}: stands at {copy.version}, the room at {room['version']}")
        for name in ("name", "topic", "changed_version"):
            if copy.state.get(name) != room[name]:
                self.lost.append(f"{who}: {name} is {copy.state.get(name)!r}, not {room[name]!r}")
        self.disordered += [f"{who}: {fault}" for fault in copy.faults]

    def _judge_form(self, who: str, held: dict, row: dict) -> None:
        if held == row:
            return
        wrong = ", ".join(f"{name} {held[name]!r} for {row[name]!r}" for name in row if held[name] != row[name])
        if held["version"] < row["version"]:
            self.lost.append(f"{who}: a change of message {row['id']}: {wrong}")
        else:
            self.ghosts.append(f"{who}: a form of message {row['id']} that is not in the log: {wrong}")
