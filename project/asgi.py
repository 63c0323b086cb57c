"""The site's application: HTTP to Django, sockets to the chat behind the check of host and origin."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

from django.core.asgi import get_asgi_application

http = get_asgi_application()  # First: it loads the apps that the rest imports.

from channels.routing import ProtocolTypeRouter

from chat.routing import application as chat

from .origin import OriginCheck

application = ProtocolTypeRouter({"http": http, "websocket": OriginCheck(chat)})
