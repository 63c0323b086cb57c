"""Rows that each database makes for itself: a backup names them, for their numbers differ.

Django's natural keys, as queries: the models of a migration's state have no methods of their own.
"""

from django.db.models import Model

NAMES = {
    "contenttypes.contenttype": ("app_label", "model"),
    "auth.permission": ("content_type__app_label", "content_type__model", "codename"),
}
"""By the label of a model that no backup holds: what names a row of it."""


class References:
    """Names and numbers of such rows, read once for each model. `get_model` gives a model by its label."""

    def __init__(self, get_model):
        self._get_model = get_model
        self._numbers: dict[str, dict[tuple, int]] = {}

    def names(self, model: type[Model]) -> dict[int, tuple]:
        """All rows: from number to name."""
        return {number: name for name, number in self._all(model._meta.label_lower).items()}

    def number(self, model: type[Model], name: list[str]) -> int:
        """The row of this name, made when it is missing: of an app that is gone, or one that somebody added."""
        label, name = model._meta.label_lower, tuple(name)
        numbers = self._all(label)
        if name not in numbers:
            numbers[name] = self._make(label, name)
        return numbers[name]

    def _all(self, label: str) -> dict[tuple, int]:
        if label not in self._numbers:
            rows = self._get_model(label)._base_manager.values_list("pk", *NAMES[label])
            self._numbers[label] = {tuple(name): number for number, *name in rows}
        return self._numbers[label]

    def _make(self, label: str, name: tuple) -> int:
        values = dict(zip(NAMES[label], name, strict=True))
        if label == "auth.permission":
            kind = self.number(self._get_model("contenttypes.contenttype"), name[:2])
            values = {"content_type_id": kind, "codename": name[2], "name": name[2]}
        return self._get_model(label)._base_manager.create(**values).pk
