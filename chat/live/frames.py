"""Text as WebSocket frames (RFC 6455 §5.2), built once for all who get them."""

from struct import pack


def text_frame(text: str) -> bytes:
    """One complete, unmasked text frame of a server: FIN, opcode 1, payload length in 7, 16 or 64 bits."""
    payload = text.encode()
    length = len(payload)
    if length < 126:
        return pack("!BB", 0x81, length) + payload
    if length < 65536:
        return pack("!BBH", 0x81, 126, length) + payload
    return pack("!BBQ", 0x81, 127, length) + payload


class Frame:
    """A text for many: its wire form is built on first use and kept.

    `since`: when the event entered this process (`perf_counter`); 0 for what began here.
    """

    __slots__ = ("_wire", "since", "text")

    def __init__(self, text: str, since: float = 0.0):
        self.text = text
        self.since = since
        self._wire = None

    @property
    def wire(self) -> bytes:
        """The bytes of the frame."""
        if self._wire is None:
            self._wire = text_frame(self.text)
        return self._wire
