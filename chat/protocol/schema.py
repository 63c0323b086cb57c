"""The base class of the schemas that the server sends, and the format of times."""

from datetime import datetime
from types import ModuleType

from pydantic import BaseModel

Timestamp = datetime
"""ISO 8601 with a time zone; UTC is written as `Z`. That is how Pydantic writes a datetime in JSON."""


class Schema(BaseModel):
    """The base class of all that the server sends."""

    def encode(self) -> str:
        """The JSON text of one frame. A field without a value is null."""
        return self.model_dump_json()


def schemas_in(module: ModuleType) -> list[type[Schema]]:
    """The schemas of a module or a package of this package, in the order of its `__all__`, or else of the file."""
    names = getattr(module, "__all__", None)
    if names is not None:
        return [getattr(module, name) for name in names]
    classes = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Schema)]
    return [each for each in classes if each.__module__ == module.__name__]
