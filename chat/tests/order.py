"""The order in which several pytest processes run the tests."""

import itertools


def begin_with_longest(items: list, processes: int) -> list:
    """The order in which each process of a run begins with its share of the tests that are marked `takes_long`.

    A minute that one test takes while the other processes have nothing left to do is a minute of the whole run.
    `--dist=worksteal` gives each process a part of the list at first: this cuts it at the same places.
    """
    groups: dict = {}
    for item in items:
        if item.get_closest_marker("takes_long"):
            # Together, because the tests of a module share what takes long.
            groups.setdefault(item.path, []).append(item)
    rest = iter([item for item in items if item.path not in groups or item not in groups[item.path]])
    ordered, left = [], len(items)
    for number in range(processes):
        size = left // (processes - number)
        part = [item for group in list(groups.values())[number::processes] for item in group]
        ordered += [*part, *itertools.islice(rest, max(0, size - len(part)))]
        left -= size
    return [*ordered, *rest]
