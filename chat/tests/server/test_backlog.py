"""Backlog: the order, size and chunks of waiting frames."""

from hypothesis import given
from hypothesis import strategies as st

from project.serving.backlog import CHUNK, Backlog


@given(frames=st.lists(st.integers(1, CHUNK * 2).map(lambda size: b"x" * size), min_size=1, max_size=12))
def test_frames_are_taken_in_order_and_joined_to_chunks(frames):
    backlog = Backlog(frames[0])
    for frame in frames[1:]:
        backlog.append(frame)
    assert backlog.size == sum(map(len, frames))
    taken = []
    while backlog:
        taken.append(backlog.take())
        assert len(taken[-1]) <= CHUNK or taken[-1] in frames
    assert b"".join(taken) == b"".join(frames)
    assert backlog.size == 0


def test_a_large_frame_is_not_copied():
    frame = b"x" * (CHUNK + 1)
    assert Backlog(frame).take() is frame


def test_a_cleared_backlog_is_empty():
    backlog = Backlog(b"one")
    backlog.append(b"two")
    backlog.clear()
    assert (bool(backlog), backlog.size) == (False, 0)
