"""The channel layer (Redis): from one process to the hubs of all others, at most once."""

import logging
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from .envelope import Envelope
from .seal import seal

SITE = "site"
"""The only group: the hub of each process is in it."""

logger = logging.getLogger(__name__)
_is_down = False


async def send_to_layer(message: dict[str, Any]) -> None:
    """Send `message` (`from`, `events`, `gossip`) to the hubs of all processes. Raises what the layer raises."""
    await get_channel_layer().group_send(SITE, {"type": "hub.message", **seal(message)})


def send_without_hub(envelope: Envelope) -> None:
    """Send from a process that has no hub. It opens a connection for each event, because such processes send few."""
    global _is_down
    try:
        async_to_sync(send_to_layer)({"from": "", "events": [envelope.to_dict()]})
    except Exception as error:
        # Logged once for each outage, without a traceback: the command did its work, with Redis or without.
        if not _is_down:
            logger.warning("Redis did not take an event (%r). Open pages get the change by the hub's check.", error)
        _is_down = True
    else:
        _is_down = False
