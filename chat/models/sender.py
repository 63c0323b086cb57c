"""The key of a sender: one text for a user or a guest, by which messages and uploads are counted and found again."""

from typing import Any


def sender_key(person: Any) -> str:
    """`u:ID` for a user, `g:KEY` for a guest; never empty. The key of a guest is a secret."""
    return key_of_user(person.pk) if person.is_authenticated else f"g:{person.key}"


def key_of_user(user_id: int) -> str:
    """The `sender_key` of a user with this id."""
    return f"u:{user_id}"
