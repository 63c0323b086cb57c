"""A constraint for tables whose rows nobody changes or deletes: the database refuses it, by triggers."""

from typing import Any

from django.db import models
from django.db.backends.ddl_references import Statement, Table

_REFUSAL = "rows of this table are neither changed nor deleted"
_SQLITE = {
    "UPDATE": f"""
CREATE TRIGGER %(name)s BEFORE UPDATE ON %(table)s BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END
""",
    "DELETE": f"""
CREATE TRIGGER %(name)s BEFORE DELETE ON %(table)s BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END
""",
    # INSERT OR REPLACE deletes the former row, without the trigger above unless PRAGMA recursive_triggers is on.
    "REPLACE": f"""
CREATE TRIGGER %(name)s BEFORE INSERT ON %(table)s WHEN EXISTS (SELECT 1 FROM %(table)s WHERE %(key)s = NEW.%(key)s)
BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END
""",
}
_FUNCTION = f"""
CREATE FUNCTION %(name)s() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$;
"""
_POSTGRESQL = {
    operation: f"{_FUNCTION}CREATE TRIGGER %(name)s BEFORE {operation} ON %(table)s {each} EXECUTE FUNCTION %(name)s()"
    for operation, each in {
        "UPDATE": "FOR EACH ROW",
        "DELETE": "FOR EACH ROW",
        "TRUNCATE": "FOR EACH STATEMENT",
    }.items()
}


class NeverDone(models.BaseConstraint):
    """Refuses one kind of statement for the rows of a table: `operation` is UPDATE, DELETE, REPLACE (which only SQLite
    has) or TRUNCATE (which only PostgreSQL has).

    A constraint, and no SQL in a migration, so that `makemigrations` writes it. It raises IntegrityError.
    """

    def __init__(self, *, operation: str, **options: Any) -> None:
        super().__init__(**options)
        self.operation = operation

    def constraint_sql(self, model, schema_editor):
        """Nothing within CREATE TABLE: the trigger is made after it."""
        if statement := self.create_sql(model, schema_editor):
            schema_editor.deferred_sql.append(statement)

    def create_sql(self, model, schema_editor):
        """The statement that makes the trigger, on PostgreSQL with its function; None if the database does not know
        the operation."""
        text = self._text(schema_editor)
        if text is None:
            return None
        quote = schema_editor.quote_name
        table = Table(model._meta.db_table, quote)
        return Statement(text, name=quote(self.name), table=table, key=quote(model._meta.pk.column))

    def _text(self, schema_editor) -> str | None:
        texts = _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _SQLITE
        return texts.get(self.operation)

    def remove_sql(self, model, schema_editor):
        """The statement that removes the trigger; None if there is none."""
        if self._text(schema_editor) is None:
            return None
        name, table = (schema_editor.quote_name(one) for one in (self.name, model._meta.db_table))
        if schema_editor.connection.vendor == "postgresql":
            return f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}()"
        return f"DROP TRIGGER {name}"

    def validate(self, model, instance, exclude=None, using=None):
        """Every row may be added."""

    def deconstruct(self):
        """With the operation, for migrations."""
        path, arguments, options = super().deconstruct()
        return path, arguments, options | {"operation": self.operation}

    def __eq__(self, other):
        if not isinstance(other, NeverDone):
            return NotImplemented
        return self.deconstruct() == other.deconstruct()

    __hash__ = None
