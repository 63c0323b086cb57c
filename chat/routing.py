"""Where sockets go, by their path. `chat/tests/revocation` walks the table: whoever adds a socket adds a row there."""

from chat.live import board_consumer, consumer

_chat = consumer.ChatConsumer.as_asgi()
SOCKETS = {
    **dict.fromkeys(sorted(consumer.PATHS), _chat),
    board_consumer.PATH: board_consumer.BoardConsumer.as_asgi(),
}
"""The applications, by path."""


async def application(scope, receive, send):
    """Route one socket by its path. The chat closes sockets with a path that nobody knows."""
    await SOCKETS.get(scope["path"], _chat)(scope, receive, send)
