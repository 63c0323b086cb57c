"""The chat of the Channels tutorial (https://channels.readthedocs.io/en/stable/tutorial/part_3.html), in one file.

Run by stock Daphne; Redis at REDIS_URL. Without the session middleware: it only costs time at the handshake.
"""

import json
import os

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter
from django.conf import settings

settings.configure(
    SECRET_KEY="bench",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [os.environ["REDIS_URL"]], "prefix": "tutorial"},
        }
    },
)
django.setup()


class ChatConsumer(AsyncWebsocketConsumer):
    """The consumer of the tutorial."""

    async def connect(self):
        """Join the group of the room."""
        self.room_group_name = "chat_lobby"
        await self.channel_layer.group_add(self.room_group_name, self.channel_name)
        await self.accept()

    async def disconnect(self, close_code):
        """Leave the group."""
        await self.channel_layer.group_discard(self.room_group_name, self.channel_name)

    async def receive(self, text_data):
        """Send the received message to the group."""
        message = json.loads(text_data)["message"]
        await self.channel_layer.group_send(self.room_group_name, {"type": "chat.message", "message": message})

    async def chat_message(self, event):
        """Send a message of the group to the socket."""
        await self.send(text_data=json.dumps({"message": event["message"]}))


class EmptyConsumer(AsyncWebsocketConsumer):
    """Accepts connections and does nothing: measures Daphne and Channels alone."""


application = ProtocolTypeRouter({"websocket": ChatConsumer.as_asgi()})
empty = ProtocolTypeRouter({"websocket": EmptyConsumer.as_asgi()})
