"""What the domain refuses, as a tree. The edge translates once: views to a status, sockets to an error frame.

Refused
├── Invalid       a field has a wrong value
│   ├── TooLong
│   └── TooComplex
├── NotFound      not there, or not to be seen: told alike
├── Forbidden
│   ├── Archived
│   ├── Barred
│   └── SignedOut
└── SlowDown      too fast
"""

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """The base. `code` is stable and for programs; `detail` is a sentence for a person."""

    code = "forbidden"
    status = 403
    detail = _("That is not allowed.")

    def __init__(self, detail=None, *, field: str | None = None, retry_after: float | None = None):
        self.detail = detail or self.detail
        self.field = field
        self.retry_after = retry_after
        super().__init__(self.detail)


class Invalid(Refused):
    """A field is missing or has a wrong value."""

    code = "invalid"
    status = 400
    detail = _("That is not a valid value.")


class TooLong(Invalid):
    """A text is longer than the limit."""

    code = "too_long"
    detail = _("That is too long.")


class TooComplex(Invalid):
    """A message has so much markup that its HTML would be far longer than its text."""

    code = "too_complex"
    detail = _("This message has too much formatting for its length. Make it simpler, or send it in parts.")


class NotFound(Refused):
    """The thing does not exist, or this person may not see it."""

    code = "not_found"
    status = 404
    detail = _("There is no such thing here.")


class Forbidden(Refused):
    """The person sees it, but may not do this with it."""


class Archived(Forbidden):
    """The room is closed to changes."""

    code = "archived"
    detail = _("This room is archived: it can be read, not written.")


class Barred(Forbidden):
    """This guest, or every guest of this address, was shut out by the site's admins; a `bye` and 4001 follow."""

    code = "barred"
    detail = _("You cannot come in as a guest. Sign in with an account, or ask the site's admins.")


class SignedOut(Forbidden):
    """The account or session no longer stands."""

    code = "signed_out"
    status = 401
    detail = _("You are signed out. Sign in again.")


class SlowDown(Refused):
    """Too fast; `retry_after` says, in seconds, when it will do."""

    code = "slow_down"
    status = 429
    detail = _("Slow down a little.")


class Unavailable(Refused):
    """The database did not answer. Sending the same `client_id` again is safe, and right."""

    code = "unavailable"
    status = 503
    detail = _("The server cannot store this now. Try again in a moment.")


class Internal(Refused):
    """A fault of ours; the log has it."""

    code = "internal"
    status = 500
    detail = _("Something went wrong here. It has been noted.")
