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
        """A room as one person may see it, with the annotations that the functions of `access` document."""

        head_version: int
        rules: int
        active_at: Any
        my_role: str | None
        my_named_to_post: bool | None
        my_restriction: str | None
        mute_until: Any
        filters_version: int | None
        my_read: int
        my_unread_marks: int
        unread: int
        mentioned: int
        my_favourite: int | None
        my_muted: bool | None
        hidden: bool
        people: str | None
        epoch: str
        people_version: int
        threads: str | None
        has_reply_to: bool
        thread_root: int | None
        last_posted_at: Any
        is_hidden: bool

        class Meta:
            proxy = True

else:
    VisibleRoom = Room
