"""Which indexes the tables have: each costs time at every insert."""

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db
MODELS = [*apps.get_app_config("chat").get_models(), *apps.get_app_config("people").get_models()]


def indexes(model) -> dict[str, list[str]]:
    """The columns of each index of a model's table but the primary key's, by its name."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    # Django adds an index for LIKE to each unique text on PostgreSQL.
    return {
        name: index["columns"]
        for name, index in found.items()
        if (index["index"] or index["unique"]) and not index["primary_key"] and not name.endswith("_like")
    }


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_index_is_the_beginning_of_another_one(model):
    # A partial index holds few rows, and cannot be used for the others.
    partial = {index.name for index in model._meta.indexes if index.condition}
    found = {name: columns for name, columns in indexes(model).items() if name not in partial}
    superfluous = [
        name
        for name, columns in found.items()
        for other, longer in found.items()
        if name != other and longer[: len(columns)] == columns
    ]
    assert not superfluous


def test_messages_have_these_indexes():
    assert sorted(indexes(apps.get_model("chat.Message")).values()) == [
        ["author_id"],
        ["guest_id"],
        ["reply_to_id"],
        ["room_id"],
        ["room_id", "created_at"],
        ["room_id", "seq"],
        ["room_id", "seq"],
        ["room_id", "version"],
        ["sender_key", "client_id"],
        ["thread_id", "seq"],
    ]


def test_the_index_of_replies_holds_replies_only():
    (index,) = (index for index in apps.get_model("chat.Message")._meta.indexes if index.name == "message_reply_to")
    assert str(index.condition) == "(AND: ('reply_to__isnull', False))"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'message_reply_to'")
        else:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'message_reply_to'")
        assert "IS NOT NULL" in cursor.fetchone()[0]
