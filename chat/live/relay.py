"""The hub's line to the other processes: one channel, in the site's one group.

The layer is a hint: it may drop and delay, and it may be down. Nothing here waits for it on a message's way to this
process's own sockets.
"""

import asyncio
import contextlib
import logging
from collections import deque
from dataclasses import asdict

from channels.layers import get_channel_layer

from chat.events import groups
from chat.events.publish import Envelope, send_to_layer
from chat.events.seal import NotSealed, check_seal

from . import received

logger = logging.getLogger(__name__)

OUTBOX_LIMIT = 10_000
"""Events that wait for the layer; older ones are let go, the other processes' check finds what they said."""
REPORT_EVERY_S = 60.0
"""How often at most the log tells of messages that were not understood."""
SEND_TIMEOUT_S = 5.0
RETRY_S = 0.5


class Relay:
    """Sends this process's events to the layer in batches, and hands the other processes' to the hub."""

    def __init__(self, hub):
        self._hub = hub
        self._outbox: deque[dict] = deque(maxlen=OUTBOX_LIMIT)
        self._gossip: list[dict] = []
        self._wake = asyncio.Event()
        self._up = True
        self._faults = 0
        self._report_at = 0.0

    def tasks(self):
        """The coroutines to run as long as the hub lives."""
        return self._send(), self._receive()

    def send(self, envelope: Envelope) -> None:
        """Queue an event for the other processes."""
        self._outbox.append(asdict(envelope))
        self._wake.set()

    @property
    def waiting(self) -> int:
        """How many events wait to be sent."""
        return len(self._outbox)

    def gossip(self, said: dict) -> None:
        """Queue word of who is here."""
        self._gossip.append(said)
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
                # Not `wait_for`: in Python 3.11 a cancellation that meets its end is lost, and this loop would go on.
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
                await layer.group_add(groups.SITE, channel)
                self.gossip({"hello": True, "rooms": {}})
                while True:
                    self._take(await layer.receive(channel))
            except Exception as error:
                self._report(up=False, error=error)
                await asyncio.sleep(RETRY_S)
                # Or each try would leave a channel behind that nobody reads.
                with contextlib.suppress(Exception):
                    await layer.flush()

    def _take(self, message: dict) -> None:
        if message.get("from") == self._hub.token:
            return
        try:
            check_seal(message)
            said = received.read(message)
            for fault in said.faults:
                self._note_fault(fault)
            self._hand_on(said)
        except NotSealed:
            self._note_fault("not sealed")
        except Exception as error:
            # Another version of this program may speak there: that is no reason to hear nothing any more.
            self._note_fault(repr(error))

    def _hand_on(self, said: received.Received) -> None:
        for envelope in said.events:
            self._hub.deliver(envelope)
        for words in said.gossip:
            self._hub.presence.hear(said.sender, words, self._hub.loop.time())
            if words.get("hello") and not self._hub.draining:
                self.gossip(self._hub.presence.tell(full=True))

    def _note_fault(self, fault: str) -> None:
        # Whoever writes to Redis must not fill the disk as well.
        self._faults += 1
        now = self._hub.loop.time()
        if now >= self._report_at:
            logger.warning("%d messages on the channel layer were left out; the last: %s", self._faults, fault[:200])
            self._faults, self._report_at = 0, now + REPORT_EVERY_S

    def _report(self, *, up: bool, error: Exception | None = None) -> None:
        # Once an outage, not once a message.
        if up != self._up:
            self._up = up
            if up:
                logger.info("The channel layer answers again.")
            else:
                logger.warning("The channel layer does not answer (%r); other workers learn by the check.", error)
