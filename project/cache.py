"""The serializer of Django's cache in Redis. It stores integers only.

Django's own serializer unpickles what it finds in Redis. Unpickling can run any code (Python documentation, "pickle"),
so whoever can write to Redis could run code here.
"""


class IntegerSerializer:
    """Stores integers in Redis's own format, so that Redis can increment them."""

    def dumps(self, value: int) -> int:
        """`value` itself. Raises TypeError for anything but an integer."""
        if type(value) is not int:
            raise TypeError(f"The cache holds integers, not {type(value).__name__}.")
        return value

    def loads(self, data: bytes) -> int:
        """The stored integer. Raises ValueError for any other content."""
        return int(data)
