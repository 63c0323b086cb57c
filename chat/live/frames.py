"""Text as WebSocket frames (RFC 6455 section 5.2). A frame is built once for all who get it."""

from struct import pack


def text_frame(text: str) -> bytes:
    """One complete, unmasked text frame of a server: FIN, opcode 1, the length of the payload in 7, 16 or 64 bits."""
    payload = text.encode()
    length = len(payload)
    if length < 126:
        return pack("!BB", 0x81, length) + payload
    if length < 65536:
        return pack("!BBH", 0x81, 126, length) + payload
    return pack("!BBQ", 0x81, 127, length) + payload


class Frame:
    """A text for many connections. Its bytes are built on first use and kept.

    `since`: when the event entered this process (`perf_counter`); 0 if that is not measured.
    """

    __slots__ = ("_data", "since", "text")

    def __init__(self, text: str, since: float = 0.0):
        self.text = text
        self.since = since
        self._data = None

    @property
    def data(self) -> bytes:
        """The bytes of the frame."""
        if self._data is None:
            self._data = text_frame(self.text)
        return self._data
