"""What the checks of one target share."""

import ssl
from dataclasses import dataclass

from .connection import WebSocket
from .target import Target

PING_INTERVAL_S = 20
IDLE_S = 2 * PING_INTERVAL_S + 5
"""The site pings each socket every 20 s, so two pings fall into this time."""


@dataclass
class Examination:
    """The state that all checks share. `reach` sets the IP address of the target. `idle_s`: duration of `idle`.
    `shows_address`: whether results name the IP address."""

    target: Target
    context: ssl.SSLContext | None
    idle_s: float = IDLE_S
    shows_address: bool = True

    def socket(self, **options):
        """Open a socket; see WebSocket.open."""
        return WebSocket.open(self.target, self.context, **options)
