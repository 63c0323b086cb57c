"""The hub's line to the other processes: one channel, in the site's one group.

The layer is a hint: it may drop and delay, and it may be down. Nothing here waits for it on a message's way to this
process's own sockets.
"""

import asyncio
import contextlib
import logging
from collections import deque
from dataclasses import fields

from channels.layers import get_channel_layer

from chat.events import groups
from chat.events.publish import Envelope, send_to_layer

logger = logging.getLogger(__name__)

ENVELOPE_FIELDS = [field.name for field in fields(Envelope)]
OUTBOX_LIMIT = 10_000
"""Events that wait for the layer; older ones are let go, the other processes' check finds what they said."""
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

    def tasks(self):
        """The coroutines to run as long as the hub lives."""
        return self._send(), self._receive()

    def send(self, envelope: Envelope) -> None:
        """Queue an event for the other processes."""
        self._outbox.append({name: getattr(envelope, name) for name in ENVELOPE_FIELDS})
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
        try:
            self._understand(message)
        except Exception:
            # Another version of this program may speak there: that is no reason to hear nothing any more.
            logger.exception("A message of another process was not understood.")

    def _understand(self, message: dict) -> None:
        if message["from"] == self._hub.token:
            return
        for event in message["events"]:
            self._hub.deliver(Envelope(**event | {"users": tuple(event["users"])}))
        for said in message.get("gossip", ()):
            self._hub.presence.hear(message["from"], said, self._hub.loop.time())
            if said.get("hello"):
                self.gossip(self._hub.presence.tell(full=True))

    def _report(self, *, up: bool, error: Exception | None = None) -> None:
        # Once an outage, not once a message.
        if up != self._up:
            self._up = up
            if up:
                logger.info("The channel layer answers again.")
            else:
                logger.warning("The channel layer does not answer (%r); other workers learn by the check.", error)
