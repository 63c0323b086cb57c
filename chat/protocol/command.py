"""The base class of commands, and the types of their fields."""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, Field

from . import replies
from .schema import Schema

Number = Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)]
Slug = Annotated[str, Field(min_length=1, max_length=64)]
Search = Annotated[str, Field(max_length=80)]
PersonIds = Annotated[list[Number], Field(max_length=50)]
Ref = Annotated[str, Field(max_length=64)] | Annotated[int, Field(strict=True, ge=-(2**53), le=2**53)]


class Command(BaseModel):
    """The base class. The answer has the same `ref`. Unknown fields are ignored."""

    answers: ClassVar[type[Schema]] = replies.Reply
    type: str
    ref: Ref | None = None

    def arguments(self) -> dict[str, Any]:
        """The fields that belong to this command alone, by name: without `type` and `ref`."""
        return {name: getattr(self, name) for name in type(self).model_fields if name not in Command.model_fields}
