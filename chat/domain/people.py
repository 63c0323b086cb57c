"""What users and guests have in common: how they are named, keyed and shown."""

from chat.events.shapes import GuestOut, Person, You
from chat.models import Message


def sender_key(person) -> str:
    """`u:ID` for a user, `g:KEY` for a guest; never empty."""
    return f"u:{person.pk}" if person.is_authenticated else f"g:{person.key}"


def as_author(user) -> Person:
    """A user as everyone sees them."""
    return Person(id=user.pk, name=user.get_username())


def as_guest(message_id: int, guest_id: str, guest_name: str) -> GuestOut:
    """The guest who wrote a message, as everyone sees them."""
    # A worker of an older version stored no id: then nobody is known to have said it.
    return GuestOut(id=guest_id or f"message-{message_id}", name=guest_name)


def as_you(person) -> You:
    """A user or a guest, for `welcome`, presence and typing."""
    if person.is_authenticated:
        return You(user=as_author(person), guest=None)
    return You(user=None, guest=GuestOut(id=person.id, name=person.name))


def said_by(message: Message, person) -> bool:
    """Whether `person` wrote `message`."""
    return message.sender_key == sender_key(person)
