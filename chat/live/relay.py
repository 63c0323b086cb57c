"""Connects the hub with the hubs of the other processes, over the channel layer.

The layer may lose and delay messages, and it may be down. Events of this process reach its own connections without it.
"""

import asyncio
import contextlib
import logging
from collections import deque

from channels.layers import get_channel_layer

from chat.dispatch.envelope import Envelope
from chat.dispatch.layer import SITE, send_to_layer
from chat.dispatch.seal import NotSealed, check_seal

from . import received

logger = logging.getLogger(__name__)

OUTBOX_LIMIT = 10_000
"""Events that may wait to be sent. Older ones are dropped: the other processes get the changes by their check."""
REPORT_EVERY_S = 60.0
"""At most one log line about invalid messages in this time."""
SEND_TIMEOUT_S = 5.0
RETRY_S = 0.5


class Relay:
    """Sends the events of this process to the layer in batches, and passes those of other processes to the hub."""

    def __init__(self, hub):
        self._hub = hub
        self._outbox: deque[dict] = deque(maxlen=OUTBOX_LIMIT)
        self._gossip: list[dict] = []
        self._wake = asyncio.Event()
        self._up = True
        self._faults = 0
        self._report_at = 0.0

    def tasks(self):
        """The coroutines to run as long as the hub exists."""
        return self._send(), self._receive()

    def send(self, envelope: Envelope) -> None:
        """Queue an event for the other processes."""
        self._outbox.append(envelope.to_dict())
        self._wake.set()

    @property
    def answers(self) -> bool:
        """Whether the channel layer worked the last time."""
        return self._up

    @property
    def waiting(self) -> int:
        """How many events wait to be sent."""
        return len(self._outbox)

    def send_gossip(self, gossip: dict) -> None:
        """Queue gossip (see `presence`) for the other processes."""
        self._gossip.append(gossip)
        self._wake.set()

    async def _send(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            events, gossip = list(self._outbox), self._gossip
            self._outbox.clear()
            self._gossip = []
            message = {"from": self._hub.token, "events": events, "gossip": gossip}
            try:
                # Not `wait_for`: in Python 3.11 it can lose a cancellation at its end, and this loop would not stop.
                async with asyncio.timeout(SEND_TIMEOUT_S):
                    await send_to_layer(message)
                self._report(up=True)
            except Exception as error:
                self._report(up=False, error=error)

    async def _receive(self) -> None:
        layer = get_channel_layer()
        while True:
            try:
                channel = await layer.new_channel("hub")
                await layer.group_add(SITE, channel)
                self.send_gossip({"hello": True, "worker": self._hub.workers.name, "rooms": {}})
                while True:
                    self._handle_message(await layer.receive(channel))
            except Exception as error:
                self._report(up=False, error=error)
                await asyncio.sleep(RETRY_S)
                # Otherwise each attempt would leave a channel behind that nobody reads.
                with contextlib.suppress(Exception):
                    await layer.flush()

    def _handle_message(self, content: dict) -> None:
        if content.get("from") == self._hub.token:
            self._hub.inquiries.note_own(content)
            return
        try:
            check_seal(content)
            message = received.validate(content)
            for fault in message.faults:
                self._note_fault(fault)
            self._pass_on(message)
        except NotSealed:
            self._note_fault("not sealed")
        except Exception as error:
            # Another version of this program may send there. That must not end this loop.
            self._note_fault(repr(error))

    def _pass_on(self, message: received.Received) -> None:
        for envelope in message.events:
            self._hub.delivery.deliver(envelope)
        for gossip in message.gossip:
            now = self._hub.loop.time()
            self._hub.workers.note(message.sender, gossip, now)
            self._hub.presence.receive(message.sender, gossip, now)
            self._hub.inquiries.receive(message.sender, gossip)
            if gossip.get("hello") and not self._hub.draining:
                self.send_gossip(self._hub.presence.next_gossip(full=True) | {"worker": self._hub.workers.name})

    def _note_fault(self, fault: str) -> None:
        # Whoever can write to Redis must not be able to fill the disk with log lines.
        self._faults += 1
        now = self._hub.loop.time()
        if now >= self._report_at:
            logger.warning(
                "%d messages on the channel layer were invalid and were dropped; the last: %s",
                self._faults,
                fault[:200],
            )
            self._faults, self._report_at = 0, now + REPORT_EVERY_S

    def _report(self, *, up: bool, error: Exception | None = None) -> None:
        # One log line for each outage, not for each message.
        if up != self._up:
            self._up = up
            if up:
                logger.info("The channel layer answers again.")
            else:
                logger.warning(
                    "The channel layer does not answer (%r). Other workers get changes by their check.", error
                )
