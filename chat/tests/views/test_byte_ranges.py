"""Byte ranges (RFC 9110 section 14)."""

import pytest

from chat.views import byte_ranges
from chat.views.byte_ranges import NotSatisfiable


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=0-9", (0, 10)),
        ("bytes=90-", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-1000", (0, 100)),
        ("bytes=0-1000", (0, 100)),
        ("BYTES=5-5", (5, 6)),
        ("bytes=9-5", None),
        ("bytes=a-b", None),
        ("bytes=", None),
        ("lines=0-9", None),
        ("bytes=0-1,5-6", None),
        ("bytes=-1-2", None),
        ("bytes=" + "9" * 40 + "-", None),
    ],
)
def test_a_range_is_read_or_ignored(header, expected):
    assert byte_ranges.parse(header, 100) == expected


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=100-", 100), ("bytes=500-600", 100), ("bytes=-0", 100), ("bytes=0-", 0)]
)
def test_a_range_behind_the_end_is_refused(header, size):
    with pytest.raises(NotSatisfiable):
        byte_ranges.parse(header, size)


def test_if_range_names_the_form_of_the_file():
    assert byte_ranges.applies(None, '"a"')
    assert byte_ranges.applies('"a"', '"a"')
    assert not byte_ranges.applies('W/"a"', '"a"')
    assert not byte_ranges.applies("Wed, 21 Oct 2026 07:28:00 GMT", '"a"')


def test_if_none_match_may_name_several():
    assert byte_ranges.is_known('"b", W/"a"', '"a"')
    assert byte_ranges.is_known("*", '"a"')
    assert not byte_ranges.is_known('"b"', '"a"')
    assert not byte_ranges.is_known(None, '"a"')
