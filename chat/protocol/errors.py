"""The answer to a command that was refused, and the codes that it may have."""

from enum import StrEnum
from typing import Literal, Self

from .schema import Schema


class ErrorCode(StrEnum):
    """Why something was refused. Codes are stable; a page or a REST API answers with the HTTP `status`."""

    status: int
    meaning: str

    FORBIDDEN = "forbidden", 403, "The person sees the thing, but may not do this with it."
    INVALID = "invalid", 400, "A field is missing or has a wrong value."
    TOO_LONG = "too_long", 400, "A text is longer than the limit."
    TOO_COMPLEX = "too_complex", 400, "The HTML of a message would be far longer than its text: it has too much markup."
    NAME_TAKEN = "name_taken", 409, "A room that this person may see has a name that looks like this one."
    NOT_FOUND = "not_found", 404, "The thing does not exist, or this person may not see it."
    ARCHIVED = "archived", 403, "The room is archived: it cannot be changed."
    BANNED = (
        "banned",
        403,
        "The site excludes this guest, or all guests of their address. A `bye` and 4001 follow.",
    )
    MUTED = "muted", 403, "A moderator keeps this person from writing. It ends after `retry_after` seconds."
    FILTERED = "filtered", 403, "A filter of the site or of the room refuses this text, or a moderator did."
    HELD = (
        "held",
        202,
        "A filter holds the message until a moderator has seen it. The same `client_id` again asks what became of it.",
    )
    DECIDED = "decided", 409, "Another moderator has decided this already."
    SIGNED_OUT = "signed_out", 401, "The account or the session is no longer valid."
    SLOW_DOWN = (
        "slow_down",
        429,
        "Too fast. After `retry_after` seconds it is accepted.",
    )
    SEARCH_TOO_SLOW = "search_too_slow", 503, "The search took too long and was ended. A narrower one may be faster."
    UNAVAILABLE = (
        "unavailable",
        503,
        "The database did not answer. It is safe to repeat the command, with the same `client_id`.",
    )
    INTERNAL = "internal", 500, "An error of the server; its log has the details."
    TOO_LARGE = "too_large", 413, "The file is larger than the site allows."
    QUOTA_EXCEEDED = "quota_exceeded", 413, "This person has as many bytes of files as the site allows."
    TYPE_REFUSED = "type_refused", 415, "The site does not allow files of this type."
    TOO_MANY_UPLOADS = "too_many_uploads", 429, "This person has too many uploads that are not part of a message."
    FILE_MISSING = "file_missing", 409, "A file of the message is not a complete upload of this person in this room."
    CONFLICT = "conflict", 409, "The upload has another offset: ask for it with HEAD, then continue from there."
    LOCKED = "locked", 423, "Another request writes to this upload."
    CHECKSUM_MISMATCH = "checksum_mismatch", 460, "The bytes do not have the checksum of `Upload-Checksum`."
    STORAGE_FULL = "storage_full", 507, "The site has no room for this file."
    BAD_JSON = "bad_json", 400, "The frame is not a JSON object."
    UNKNOWN_TYPE = "unknown_type", 400, "There is no command of this `type`."

    def __new__(cls, code: str, status: int, meaning: str) -> Self:
        """A code with its HTTP status and a sentence for developers."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.status = status
        member.meaning = meaning
        return member


class Error(Schema):
    """The answer to a command that was refused. `field` names the wrong field; `retry_after` is in seconds."""

    type: Literal["error"] = "error"
    ref: str | int | None = None
    code: str
    detail: str
    field: str | None = None
    retry_after: float | None = None
