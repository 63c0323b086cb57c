"""Files of messages."""

from typing import Annotated

from pydantic import Field

from ..schema import Schema, Timestamp
from .people import Guest, Person


class Attachment(Schema):
    """A file of a message. Its address is `/files/ID/NAME`; what was made of it is at `/files/ID/thumb-360.webp`,
    `/files/ID/thumb-1080.webp` and `/files/ID/excerpt.json`.

    `size` is in bytes; `type` is the media type that the server found in the content. `width` and `height` are those of
    a picture, a video or the first page of a document in pixels, as it is shown; null for other files. `duration_ms` is
    that of a sound, a video or an animated picture. `state` is `processing` (not everything is known yet), `ready`, or
    `refused` (nobody can fetch it; `refusal` is the code of the reason, else it is empty). `thumbs` lists what was made
    of it: `thumb-360` and `thumb-1080` (WebP, with this longer side at most), `excerpt` (the first `lines` of a text,
    highlighted).
    """

    id: int
    name: str
    type: str
    size: int
    width: int | None
    height: int | None
    duration_ms: int | None
    lines: int | None
    state: str
    refusal: str
    alt: str
    spoiler: bool
    thumbs: list[str]


class PostedFile(Schema):
    """An upload that becomes part of a message: its id, its description for people who do not see it, and whether it
    is shown only after a click."""

    id: Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)]
    alt: str = ""
    spoiler: Annotated[bool, Field(strict=True)] = False


class ListedFile(Schema):
    """A file in the list of a room's files: the id of its `message`, who sent it (one of `author` and `guest` is null),
    and when."""

    file: Attachment
    message: int
    author: Person | None
    guest: Guest | None
    at: Timestamp
