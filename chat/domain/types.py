"""Types that the domain's functions share."""

from typing import TYPE_CHECKING, Any, TypeAlias

from chat.models import Room

User: TypeAlias = Any
"""An instance of the site's user model (AUTH_USER_MODEL), with the attributes of Django's `AbstractBaseUser`."""
AnyPerson: TypeAlias = Any
"""A user, or a `guests.Guest`. Not a union, because type checkers cannot narrow it by `is_authenticated`."""
Rows: TypeAlias = Any
"""A query set, often with annotations, which a type of Django's stubs would not include."""

if TYPE_CHECKING:

    class VisibleRoom(Room):
        """A room as one person may see it: the columns of `Room`, and what the query has added. An attribute that the
        query did not add is missing; each group below says which functions add it."""

        # All of `access` and `room_lists`.
        head_version: int
        active_at: Any  # The time of the last message, or of the room's creation; in `room_lists` as text.
        my_role: str | None  # None without a membership.
        my_named_to_post: bool | None

        # All of `access`.
        rules: int  # The version of the last change of who may see the room and write in it.
        my_restriction: str | None  # Only for users.
        mute_until: Any  # Until when moderators keep the person from writing; None without a mute.
        filters_version: int | None  # Of the site: it changes with the filters; 0 without any.

        # `access.get_with_counts` and `room_lists`.
        my_read: int  # The read position.
        my_unread_marks: int
        unread: int
        mentioned: int
        my_favourite: int | None  # The place among the person's favourites; None: it is none of them.
        my_muted: bool | None
        hidden: bool  # Taken off the person's list, until the next message comes.
        people: str | None  # Of a direct room, as JSON: see `people.from_json`.
        threads: str | None  # Those with unread replies: ids of their roots, separated by commas.
        epoch: str  # Of the site.
        people_version: int  # Of the site.

        # `access.get_for_posting`.
        has_reply_to: bool  # Whether the message that is quoted is in the room.
        thread_root: int | None  # None: the message whose thread is asked for is not in the room.
        last_posted_at: Any  # The time of the person's last message, in slow mode only.

        # `message_changes.get_locked`.
        may_see: bool  # False: the person may no longer see the room, but may delete what they wrote in it.

        class Meta:
            proxy = True

else:
    VisibleRoom = Room
