"""Where sockets go: all of them to the one consumer, which knows its paths."""

from chat.live.consumer import ChatConsumer

application = ChatConsumer.as_asgi()
