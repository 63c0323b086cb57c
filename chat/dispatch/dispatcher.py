"""One dispatcher for each process: hands every envelope to each receiver that is connected.

Receivers are called in the order in which they were connected, the hub first. A process without a hub (a command, an
admin action on another server) sends to the channel layer instead.
"""

import logging
from collections.abc import Callable

from . import layer
from .envelope import Envelope

Receiver = Callable[[Envelope], None]
"""Called from any thread, after the commit. It must not block: the verb's caller waits for it."""

HUB = "hub"
"""The receiver that writes to the sockets of this process, then sends to the channel layer."""

logger = logging.getLogger(__name__)

_receivers: dict[str, Receiver] = {HUB: layer.send_without_hub}


def connect(name: str, receiver: Receiver) -> None:
    """Hand every envelope to `receiver` from now on, in the place of an earlier one of the same name."""
    _receivers[name] = receiver


def disconnect(name: str) -> None:
    """Stop handing envelopes to the receiver of this name. Without a hub, the channel layer gets them."""
    if name == HUB:
        _receivers[HUB] = layer.send_without_hub
    else:
        _receivers.pop(name, None)


def receiver(name: str) -> Receiver | None:
    """The receiver that is connected under this name."""
    return _receivers.get(name)


def dispatch(envelope: Envelope) -> None:
    """Hand an envelope to all receivers, now. One that raises is logged, and does not stop the others."""
    for name, receive in list(_receivers.items()):
        try:
            receive(envelope)
        except Exception:
            logger.exception("The receiver %r failed with an event of the kind %r.", name, envelope.kind)
