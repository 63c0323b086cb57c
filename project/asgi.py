"""The site's application: HTTP to Django, sockets to the chat behind the check of host and origin."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

import django

django.setup(set_prefix=False)  # First: it loads the apps that the rest imports.

from channels.routing import ProtocolTypeRouter

from chat.routing import application as chat

from .http import Handler
from .operations.health import Health
from .origin import OriginCheck

application = ProtocolTypeRouter({"http": Health(Handler()), "websocket": OriginCheck(chat)})
