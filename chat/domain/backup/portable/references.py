"""References to rows that each database makes by itself. A backup holds their names, because their keys differ.

These are Django's natural keys as queries: models of a migration state have no methods.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Model

NAMES = {
    "contenttypes.contenttype": ("app_label", "model"),
    "auth.permission": ("content_type__app_label", "content_type__model", "codename"),
}
"""By the label of a model that no portable backup holds: the fields that identify a row."""


_Name = tuple[str, ...]


class References:
    """Names and primary keys of such rows, read once for each model. `get_model` returns a model by its label."""

    def __init__(self, get_model: Callable[[str], type[Model]]) -> None:
        self._get_model = get_model
        self._numbers: dict[str, dict[_Name, int]] = {}

    def names(self, model: type[Model]) -> dict[int, _Name]:
        """The name of each row, by primary key."""
        return {number: name for name, number in self._all(model._meta.label_lower).items()}

    def number(self, model: type[Model], name: Sequence[str]) -> int:
        """The primary key of the row with this name. A missing row is created: somebody had added it."""
        label, key = model._meta.label_lower, tuple(name)
        numbers = self._all(label)
        if key not in numbers:
            numbers[key] = self._make(label, key)
        return numbers[key]

    def _all(self, label: str) -> dict[_Name, int]:
        if label not in self._numbers:
            rows = self._get_model(label)._base_manager.values_list("pk", *NAMES[label])
            self._numbers[label] = {tuple(name): number for number, *name in rows}
        return self._numbers[label]

    def _make(self, label: str, name: _Name) -> int:
        values: dict[str, Any] = dict(zip(NAMES[label], name, strict=True))
        if label == "auth.permission":
            kind = self.number(self._get_model("contenttypes.contenttype"), name[:2])
            values = {"content_type_id": kind, "codename": name[2], "name": name[2]}
        return int(self._get_model(label)._base_manager.create(**values).pk)
