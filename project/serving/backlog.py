"""The frames that wait for a slow reader. No I/O."""

from collections import deque

CHUNK = 128 * 1024
"""Bytes that are joined for one write."""


class Backlog:
    """Complete frames in order; `size` is their total in bytes.

    A frame for many readers is one `bytes` object, which all their backlogs share.
    """

    __slots__ = ("_frames", "size")

    def __init__(self, first: bytes):
        self._frames = deque([first])
        self.size = len(first)

    def __bool__(self) -> bool:
        return bool(self._frames)

    def append(self, frame: bytes) -> None:
        """Add a frame at the end."""
        self._frames.append(frame)
        self.size += len(frame)

    def clear(self) -> None:
        """Drop all frames."""
        self._frames.clear()
        self.size = 0

    def take(self) -> bytes:
        """Remove the first frames and return them joined, up to CHUNK bytes; a larger frame is returned alone."""
        taken = [self._frames.popleft()]
        length = len(taken[0])
        while self._frames and length + len(self._frames[0]) <= CHUNK:
            taken.append(self._frames.popleft())
            length += len(taken[-1])
        self.size -= length
        return taken[0] if len(taken) == 1 else b"".join(taken)
