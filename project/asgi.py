"""The site's ASGI application: HTTP goes to Django, sockets go to the chat after the check of host and origin.

Background jobs run in threads of the same process.
"""

import django

from .configuration.startup import load_settings

load_settings()

django.setup(set_prefix=False)  # Before the imports below, which need Django's applications.

import atexit

from channels.routing import ProtocolTypeRouter
from django.conf import settings

from chat.jobs.worker import Worker
from chat.live.hub import Hub
from chat.routing import application as chat

from .http import Handler
from .operations.access import Access
from .operations.health import Health
from .operations.metrics import PAGES_STUCK, PAGES_WAITING
from .origin import OriginCheck

pages = Handler()
PAGES_WAITING.set_function(pages.waiting)
PAGES_STUCK.set_function(pages.stuck)
router = ProtocolTypeRouter(
    {"http": Health(Access(pages), pages=pages.problem), "websocket": Access(OriginCheck(chat))}
)


async def application(scope, receive, send):
    """The site. The hub starts with the first request, so that the other workers know of this one before it has
    sockets."""
    Hub.current()
    await router(scope, receive, send)


worker = Worker(settings.JOB_THREADS)
"""Runs background jobs beside the site."""
if settings.JOBS_IN_SERVER:
    worker.start()
    # `project.server` stops it earlier. Other servers do not say when they begin to shut down.
    atexit.register(worker.stop)
