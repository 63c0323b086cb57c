"""What Django's cache may hold in Redis: integers.

Django's own serializer unpickles whatever it finds there: that runs the code of anyone who can write to Redis (Python
documentation, “pickle”).
"""


class IntegerSerializer:
    """Integers as Redis itself has them, so that it can add to them; nothing else goes in or comes out."""

    def dumps(self, value: int) -> int:
        """`value` itself. Raises TypeError for anything but an integer."""
        if type(value) is not int:
            raise TypeError(f"The cache holds integers, not {type(value).__name__}.")
        return value

    def loads(self, data: bytes) -> int:
        """The integer that was stored. Raises ValueError when there is something else."""
        return int(data)
