"""Frames that wait for a reader. No I/O."""

from collections import deque

CHUNK = 128 * 1024
"""Bytes that are joined for one write."""


class Backlog:
    """Whole frames in order, each the same object for all readers for whom it waits. `size` is in bytes."""

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
        """Let go of all."""
        self._frames.clear()
        self.size = 0

    def take(self) -> bytes:
        """The next frames, joined up to CHUNK bytes; a larger one comes alone, as it is."""
        taken = [self._frames.popleft()]
        length = len(taken[0])
        while self._frames and length + len(self._frames[0]) <= CHUNK:
            taken.append(self._frames.popleft())
            length += len(taken[-1])
        self.size -= length
        return taken[0] if len(taken) == 1 else b"".join(taken)
