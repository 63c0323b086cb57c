"""The index of search: a row for each document, that of a message or of the text of a file; and the texts of files."""

from typing import Any

from django.db import models

from .attachment import Attachment

PARTS = 16
"""Documents of one message at most: its own, then those of its files. The key of a document is
`message * PARTS + part`, so the order of the keys is that of the messages."""
LEVELS = (11, 14, 17)
"""PostgreSQL: each document has tokens that say in which part of 2^level messages it is, by the id of its message. With
them a query reads the newest part first: GIN itself has no order."""
LEVEL_MARK = "\ue001x"
FTS_TABLE = "chat_searchdocument_fts"
AUTOMERGE = 8
"""SQLite: each transaction adds a segment to the index; so many of one level are merged, a little at each transaction.
With 4, SQLite's default, one of a hundred posts took more than 28 ms of CPU at 1,000,000 messages; with 8, 5 to 7 ms,
and the mean of all posts is 9 to 26 % less. With 16 all would be merged in one transaction."""

_LEVELS = ", ".join(f"'{LEVEL_MARK}{level}.' || (message_id >> {level})" for level in LEVELS)
TOKENS_WITH_LEVELS = f"tokens || array_to_tsvector(ARRAY[{_LEVELS}])"
"""PostgreSQL: the `tokens` of a new row, from those that were computed in Python and `message_id`."""


class TokensField(models.TextField):
    """The tokens of a document: `tsvector` on PostgreSQL, a text on SQLite. Code writes it with SQL of its own."""

    def db_type(self, connection: Any) -> str:
        """The type of the column."""
        return "tsvector" if connection.vendor == "postgresql" else "text"


class DocumentKey(models.BigIntegerField):
    """A key that the code computes. On SQLite it is the rowid itself: a `bigint` would get an index of its own."""

    def db_type(self, connection: Any) -> str | None:
        """The type of the column."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class FullTextIndex(models.Index):
    """GIN on PostgreSQL; on SQLite a table of FTS5 that has no content of its own, kept by triggers."""

    def create_sql(self, model: type[models.Model], schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        """The statement that creates it. Those of SQLite that follow it are deferred as this one is."""
        table = model._meta.db_table
        if schema_editor.connection.vendor == "postgresql":
            # A short pending list: each search reads all of it.
            return f"CREATE INDEX {self.name} ON {table} USING gin (tokens) WITH (gin_pending_list_limit = 1024)"
        delete = f"INSERT INTO {FTS_TABLE} ({FTS_TABLE}, rowid, tokens) VALUES ('delete', old.id, old.tokens)"
        insert = f"INSERT INTO {FTS_TABLE} (rowid, tokens) VALUES (new.id, new.tokens)"
        statements = [
            f"DROP TABLE IF EXISTS {FTS_TABLE}",
            # `ascii` splits at spaces, and takes all other characters as they are: the tokens are made in Python.
            # `columnsize` is for ranks by BM25.
            f"CREATE VIRTUAL TABLE {FTS_TABLE} USING fts5(tokens, content='{table}', content_rowid='id', "
            """tokenize="ascii tokenchars '+#'", columnsize=0)""",
            f"INSERT INTO {FTS_TABLE} ({FTS_TABLE}, rank) VALUES ('automerge', {AUTOMERGE})",
            f"CREATE TRIGGER search_insert AFTER INSERT ON {table} BEGIN {insert}; END",
            f"CREATE TRIGGER search_delete AFTER DELETE ON {table} BEGIN {delete}; END",
            f"CREATE TRIGGER search_update AFTER UPDATE ON {table} BEGIN {delete}; {insert}; END",
        ]
        for statement in statements[:-1]:
            schema_editor.deferred_sql.append(statement)
        return statements[-1]

    def remove_sql(self, model: type[models.Model], schema_editor: Any, **kwargs: Any) -> Any:
        """The statement that drops it."""
        if schema_editor.connection.vendor == "postgresql":
            return f"DROP INDEX {self.name}"
        for action in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER search_{action}")
        return f"DROP TABLE {FTS_TABLE}"


class SearchDocument(models.Model):
    """The tokens of one document (`chat/domain/search/document.py`); `id` is `message * PARTS + part`.

    No foreign key leads to the message: several documents share its key. A query of the index is always joined with the
    message, so a row without one shows nothing. No backup has these rows: a job writes them again.
    """

    id = DocumentKey(primary_key=True)
    tokens = TokensField()

    class Meta:
        indexes = [FullTextIndex(fields=["tokens"], name="search_tokens")]

    def __str__(self):
        return str(self.id)


class FileText(models.Model):
    """The text of a file, as it is searched for. A file without text has no row."""

    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, primary_key=True, related_name="text_row")
    text = models.TextField()

    def __str__(self):
        return f"{self.attachment_id}: {self.text[:40]}"


class SearchIndex(models.Model):
    """How far the index was built: one row with primary key 1, or none before the first build.

    `version`: of the documents that the build writes. `before`: messages with a lower id are still to be done; None
    when all are. `total`: how many messages there were when it began; `done`: how many of them it has.
    """

    version = models.CharField(max_length=100)
    before = models.BigIntegerField(null=True)
    total = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)

    def __str__(self):
        return self.version
