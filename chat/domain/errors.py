"""The errors of the domain. Each entry point converts them: views to an HTTP status, sockets to an `error` frame.

DomainError
├── Invalid       a field has a wrong value
│   ├── NameTaken
│   ├── TooLong
│   └── TooComplex
├── UploadRefused  a file cannot be stored: see its subclasses
├── NotFound      does not exist, or this person may not see it: both give the same answer
├── Forbidden     sees the thing, but may not do this
│   ├── Archived
│   ├── Banned
│   ├── Muted
│   ├── Filtered
│   └── SignedOut
├── Held          a message waits for a moderator
├── Decided       another moderator was faster
├── SlowDown      too many requests
├── SearchTooSlow a search was ended because it took too long
├── Unavailable   the database did not answer
└── Internal      an error of the server
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from chat.protocol.errors import ErrorCode


class DomainError(Exception):
    """The base. `detail` is a translatable sentence for people."""

    code: ErrorCode = ErrorCode.FORBIDDEN
    detail = _("You do not have permission to do this.")

    def __init__(self, detail: Any = None, *, field: str | None = None, retry_after: float | None = None) -> None:
        self.detail = detail or self.detail
        self.field = field
        self.retry_after = retry_after
        super().__init__(self.detail)

    @property
    def status(self) -> int:
        """The HTTP status of a page or of an answer of a REST API."""
        return self.code.status


class Invalid(DomainError):
    """A field is missing or has a wrong value."""

    code = ErrorCode.INVALID
    detail = _("That is not a valid value.")


class NameTaken(Invalid):
    """Another room has a name that looks like this one."""

    code = ErrorCode.NAME_TAKEN
    detail = _("There is a room with this name already.")


class TooLong(Invalid):
    """A text is longer than the limit."""

    code = ErrorCode.TOO_LONG
    detail = _("That is too long.")


class TooComplex(Invalid):
    """A message has so much markup that its HTML would be far longer than its text."""

    code = ErrorCode.TOO_COMPLEX
    detail = _("This message has too much formatting for its length. Make it simpler, or send it in parts.")


class NotFound(DomainError):
    """The thing does not exist, or this person may not see it."""

    code = ErrorCode.NOT_FOUND
    detail = _("Not found.")


class Forbidden(DomainError):
    """The person may see the thing, but may not do this."""


class Archived(Forbidden):
    """The room is archived: it can only be read."""

    code = ErrorCode.ARCHIVED
    detail = _("This room is archived. You can read it, but not write in it.")


class Banned(Forbidden):
    """Admins of the site banned this guest or their network. A `bye` and close code 4001 follow."""

    code = ErrorCode.BANNED
    detail = _("You cannot use this site as a guest. Sign in, or ask an admin of the site.")


class Muted(Forbidden):
    """A moderator keeps this person from writing, in the room or in the whole site, for `retry_after` seconds."""

    code = ErrorCode.MUTED
    detail = _("A moderator has muted you: for some time you can read, but not write.")


class Filtered(Forbidden):
    """A filter refuses the text, or a moderator refused the message that a filter held."""

    code = ErrorCode.FILTERED
    detail = _("A filter of this site does not allow this text.")


class Held(DomainError):
    """A filter holds the message: it is posted when a moderator allows it."""

    code = ErrorCode.HELD
    detail = _("Your message waits for a moderator.")


class Decided(DomainError):
    """Another moderator has decided a report or a held message already."""

    code = ErrorCode.DECIDED
    detail = _("Another moderator has decided this already.")


class SignedOut(Forbidden):
    """The account is inactive, or the session has ended."""

    code = ErrorCode.SIGNED_OUT
    detail = _("You are signed out. Sign in again.")


class SlowDown(DomainError):
    """Too many requests. Try again after `retry_after` seconds."""

    code = ErrorCode.SLOW_DOWN
    detail = _("Too many requests. Wait a moment, then try again.")


class SearchTooSlow(DomainError):
    """A search was ended because it took too long."""

    code = ErrorCode.SEARCH_TOO_SLOW
    detail = _("This search takes too long. Add a word, a room or a date.")


class Unavailable(DomainError):
    """The database did not answer. Send the same `client_id` again: it is stored once."""

    code = ErrorCode.UNAVAILABLE
    detail = _("The server cannot store this now. Try again in a moment.")


class Internal(DomainError):
    """An error in the server. The log has the details."""

    code = ErrorCode.INTERNAL
    detail = _("Something went wrong on the server. The error was logged.")


class UploadRefused(DomainError):
    """An upload cannot begin, or these bytes of it cannot be stored. The base of the errors below."""


class TooLarge(UploadRefused):
    """The file is larger than the site allows."""

    code = ErrorCode.TOO_LARGE
    detail = _("This file is larger than its upload may be.")


class QuotaExceeded(UploadRefused):
    """The person has as many bytes of files as the site allows."""

    code = ErrorCode.QUOTA_EXCEEDED
    detail = _("You have no room for this file. Delete messages with files first.")


class TypeRefused(UploadRefused):
    """The site does not allow files of this type."""

    code = ErrorCode.TYPE_REFUSED
    detail = _("This site does not allow files of this type.")


class TooManyUploads(UploadRefused):
    """The person has too many uploads that are not part of a message."""

    code = ErrorCode.TOO_MANY_UPLOADS
    detail = _("You have too many files that were not sent yet. Send or remove some of them first.")


class FileMissing(UploadRefused):
    """A file of a message that is posted is not a complete upload of its author in this room."""

    code = ErrorCode.FILE_MISSING
    detail = _("A file of this message is not there any more. Add it again.")


class Conflict(UploadRefused):
    """The upload has another offset than the client assumes."""

    code = ErrorCode.CONFLICT
    detail = _("The upload has another offset.")


class Locked(UploadRefused):
    """Another request writes to this upload."""

    code = ErrorCode.LOCKED
    detail = _("Another request writes to this upload.")


class ChecksumMismatch(UploadRefused):
    """The bytes were damaged on the way."""

    code = ErrorCode.CHECKSUM_MISMATCH
    detail = _("The data were damaged on the way.")


class StorageFull(UploadRefused):
    """There is no room for the file on the disk, or for the whole site."""

    code = ErrorCode.STORAGE_FULL
    detail = _("This site has no room for the file. Tell an admin of the site.")
