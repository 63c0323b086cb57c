"""Query sets whose SQL is compiled once per process and then run with different values.

Django builds and compiles a query set at each use. With a rule like `visible_to` in it, that takes several times as
long as the database needs. Here only the result of compiling is kept: the rule is still defined once, in the query set.
"""

import inspect
import re
from collections import namedtuple
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models.query import ModelIterable, NamedValuesListIterable, get_related_populators

_ALIAS = re.compile(r' AS "(\w+)"')


class prepared:
    """Decorator for a function that builds a query set from keyword parameters (annotated `int` or `str`).

    A call runs the query with the given values and returns a list: of instances with their annotations and
    `select_related`, or of tuples for `values_list` (named tuples with `named=True`). The function itself runs once,
    with placeholders, so its parameters must reach the query unchanged. `prefetch_related` is ignored.
    """

    def __init__(self, build: Callable[..., Any]):
        self._build = build
        self._plans: dict[str, _Plan] = {}
        self._placeholders = {
            name: _placeholder(parameter.annotation, name, position)
            for position, (name, parameter) in enumerate(inspect.signature(build).parameters.items())
        }
        self.__doc__ = build.__doc__

    def __call__(self, **values: Any) -> list[Any]:
        """Run the query. `values` has a value for each parameter."""
        plan = self._plans.get(connection.vendor)
        if plan is None:
            # Two threads may both compile it: the results are equal.
            plan = _Plan(self._build(**self._placeholders), self._placeholders)
            self._plans[connection.vendor] = plan
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, [part(values) for part in plan.params])
            rows = cursor.fetchall()
        return plan.read(rows) if rows else []

    def first(self, **values: Any) -> Any:
        """The first row, or None."""
        found = self(**values)
        return found[0] if found else None


class _Plan:
    """SQL, its parameters, and how to convert its rows."""

    def __init__(self, queryset, placeholders: dict):
        self._compiler = queryset.query.get_compiler(using=queryset.db)
        sql, params = self._compiler.as_sql()
        self.sql = _without_needless_aliases(sql)
        names = {placeholder: name for name, placeholder in placeholders.items()}
        self.params = [_part(param, names) for param in params]
        missing = placeholders.keys() - {names[param] for param in params if param in names}
        if missing:
            raise ValueError(f"Not found in the compiled query: {', '.join(missing)}")
        columns = [column[0] for column in self._compiler.select[: self._compiler.col_count]]
        self._converters = self._compiler.get_converters(columns)
        self._db = queryset.db
        self._make = tuple
        if queryset._iterable_class is NamedValuesListIterable:
            self._make = namedtuple("Row", queryset._fields)._make
        elif queryset._iterable_class is ModelIterable:
            self._make = self._instance
            info = self._compiler.klass_info
            fields = info["select_fields"]
            self._model = info["model"]
            self._slice = slice(fields[0], fields[-1] + 1)
            self._names = [column[0].target.attname for column in self._compiler.select[self._slice]]
            self._related = get_related_populators(info, self._compiler.select, self._db)

    def read(self, rows: list[tuple]) -> list:
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        return [self._make(row) for row in rows]

    def _instance(self, row):
        instance = self._model.from_db(self._db, self._names, row[self._slice])
        for populator in self._related:
            populator.populate(row, instance)
        for name, position in self._compiler.annotation_col_map.items():
            setattr(instance, name, row[position])
        return instance


def _without_needless_aliases(sql: str) -> str:
    """The statement without the names of columns that nothing refers to: rows are read by position. psycopg parses long
    SQL again at each use, see `room_lists`."""

    def shorten(alias: re.Match[str]) -> str:
        name = alias[1]
        # A column that is named like itself is found by the same name without the alias.
        is_own_name = sql[: alias.start()].endswith(f'."{name}"')
        is_used = len(re.findall(rf"\b{name}\b", sql)) > 1
        return alias[0] if is_used and not is_own_name else ""

    return _ALIAS.sub(shorten, sql)


def _placeholder(kind: type, name: str, position: int):
    # Fits into 32 bits, the range of the smallest primary key.
    return 2_147_400_000 + position if kind is int else f"\x02{name}\x03"


def _part(param, names: dict) -> Callable[[dict], object]:
    name = names.get(param)
    if name is None:
        return lambda values: param
    # psycopg's number classes carry the width of the type.
    wrap = type(param) if type(param) not in (int, str) else None
    return (lambda values: wrap(values[name])) if wrap else (lambda values: values[name])
