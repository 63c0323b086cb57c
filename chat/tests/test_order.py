"""With several processes, the longest tests begin first."""

from pathlib import Path

import pytest

from chat.tests.order import begin_with_longest


class Item:
    """A test: what `begin_with_longest` uses of a pytest item."""

    def __init__(self, name: str):
        self.name = name
        self.path = Path(name[0])

    def get_closest_marker(self, _name: str):
        """True for names in capitals."""
        return self.name.isupper() or None


@pytest.mark.parametrize(
    ("names", "processes", "ordered"),
    [
        ("a1 a2 a3 B1 c1 D1", 2, "B1 a1 a2 D1 a3 c1"),
        ("a1 a2 a3 a4 a5 B1 B2 C1", 2, "B1 B2 a1 a2 C1 a3 a4 a5"),
        ("a1 B1 C1 D1", 3, "B1 C1 D1 a1"),
        ("a1 a2", 4, "a1 a2"),
        ("A1 A2 A3 A4 b1 b2", 2, "A1 A2 A3 A4 b1 b2"),
        ("A1 A2 A3", 4, "A1 A2 A3"),
    ],
)
def test_each_process_begins_with_its_share_of_the_longest_tests(names, processes, ordered):
    items = begin_with_longest([Item(name) for name in names.split()], processes)
    assert [item.name for item in items] == ordered.split()
