"""The chat of the Channels tutorial (https://channels.readthedocs.io/en/stable/tutorial/part_3.html), in one file.

Run by stock Daphne; Redis at REDIS_URL. Left out: the session middleware, which only costs at the handshake.
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
    """As in the tutorial."""

    async def connect(self):
        """Join the room's group."""
        self.room_group_name = "chat_lobby"
        await self.channel_layer.group_add(self.room_group_name, self.channel_name)
        await self.accept()

    async def disconnect(self, close_code):
        """Leave it."""
        await self.channel_layer.group_discard(self.room_group_name, self.channel_name)

    async def receive(self, text_data):
        """Send what was said to the group."""
        message = json.loads(text_data)["message"]
        await self.channel_layer.group_send(self.room_group_name, {"type": "chat.message", "message": message})

    async def chat_message(self, event):
        """Send what the group hears to the socket."""
        await self.send(text_data=json.dumps({"message": event["message"]}))


class EmptyConsumer(AsyncWebsocketConsumer):
    """Accepts, and does nothing: the cost of a connection to Daphne and Channels themselves."""


application = ProtocolTypeRouter({"websocket": ChatConsumer.as_asgi()})
empty = ProtocolTypeRouter({"websocket": EmptyConsumer.as_asgi()})
