"""Questions of one worker to all: how busy each is, how many connections somebody has.

A question and its answers travel like gossip. Nothing is sent while nobody asks, and no worker keeps a copy of what the
others know. Who does not answer in time is left out.
"""

import asyncio
import secrets
from time import perf_counter

from . import figures

PATIENCE_S = 0.8
MAX_USERS = 200
"""In one question."""


class _Open:
    """A question that waits for answers."""

    def __init__(self, expected: set[str]):
        self.expected = expected
        self.answers: dict[str, dict] = {}
        self.complete = asyncio.Event()
        self.complete_if_all()

    def complete_if_all(self) -> None:
        if self.expected <= self.answers.keys():
            self.complete.set()


class Inquiries:
    """Asks the other workers, and answers their questions.

    `round_trip_s`: how long the last question took to come back over the channel layer; None if it has not.
    """

    def __init__(self, hub):
        self._hub = hub
        self._open: dict[str, _Open] = {}
        self._sent: tuple[str, float] = ("", 0.0)
        self.round_trip_s: float | None = None

    async def ask(self, kind: str, users: list[int] | None = None, patience_s: float = PATIENCE_S) -> dict[str, dict]:
        """The answers by the token of the worker; this one's own is always there."""
        question = {"id": secrets.token_hex(8), "kind": kind, "users": (users or [])[:MAX_USERS]}
        waiting = self._open[question["id"]] = _Open(self._hub.workers.others_alive())
        if self._sent[0]:
            # The last question has not come back yet.
            self.round_trip_s = None
        self._sent = (question["id"], perf_counter())
        self._hub.relay.send_gossip({"rooms": {}, "question": question})
        try:
            async with asyncio.timeout(patience_s):
                await waiting.complete.wait()
        except TimeoutError:
            pass
        finally:
            del self._open[question["id"]]
        return {self._hub.token: self._answer(question)} | waiting.answers

    def receive(self, sender: str, gossip: dict) -> None:
        """Take the part of gossip that is a question or an answer."""
        question, answer = gossip.get("question"), gossip.get("answer")
        if question and not self._hub.draining:
            self._hub.relay.send_gossip({"rooms": {}, "answer": {"id": question["id"], **self._answer(question)}})
        elif answer and (waiting := self._open.get(answer["id"])) is not None:
            waiting.answers[sender] = answer
            waiting.complete_if_all()

    def note_own(self, content: dict) -> None:
        """A message of this worker came back over the channel layer. It is not checked: only the time is taken."""
        sent, at = self._sent
        if sent and any(gossip.get("question", {}).get("id") == sent for gossip in content.get("gossip", ())):
            self.round_trip_s = perf_counter() - at
            self._sent = ("", 0.0)

    def _answer(self, question: dict) -> dict:
        if question["kind"] == "figures":
            return {"figures": figures.sample(self._hub)}
        if question["kind"] == "connections":
            return {"connections": len(self._hub.roster.connections)}
        counts = ((user, self._hub.roster.count_of_person(user)) for user in question["users"])
        return {"sockets": {str(user): count for user, count in counts if count}}
