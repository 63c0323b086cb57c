"""The site's application: HTTP to Django, sockets to the chat behind the check of host and origin."""

import django

from .configuration.startup import load_settings

load_settings()

django.setup(set_prefix=False)  # First: it loads the apps that the rest imports.

from channels.routing import ProtocolTypeRouter

from chat.routing import application as chat

from .http import Handler
from .operations.access import Access
from .operations.health import Health
from .operations.metrics import PAGES_STUCK, PAGES_WAITING
from .origin import OriginCheck

pages = Handler()
PAGES_WAITING.set_function(pages.waiting)
PAGES_STUCK.set_function(pages.stuck)
application = ProtocolTypeRouter(
    {"http": Health(Access(pages), pages=pages.trouble), "websocket": Access(OriginCheck(chat))}
)
