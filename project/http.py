"""Django's ASGI handler, with all the synchronous work of a request in one step on one thread."""

from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections


class Handler(ASGIHandler):
    """Serves the site's pages: its middleware and views are synchronous.

    Django's own handler takes each synchronous middleware to a thread and back by itself, and makes a new thread, with
    new database connections, for every request. Ours has a few threads that stay.
    """

    def __init__(self):
        super().__init__()
        self._threads = ThreadPoolExecutor(settings.HTTP_THREADS, thread_name_prefix="http")

    def load_middleware(self, is_async=False):
        """Load the middleware for synchronous calls, whatever Django's handler asks for."""
        super().load_middleware(is_async=False)

    async def __call__(self, scope, receive, send):
        # Without Django's ThreadSensitiveContext: it would make a thread for this request alone.
        await self.handle(scope, receive, send)

    async def get_response_async(self, request):
        """The response to `request`, made on one of our threads."""
        respond = sync_to_async(self._respond, thread_sensitive=False, executor=self._threads)
        return await respond(request)

    def waiting(self) -> int:
        """How many requests wait for a thread."""
        return self._threads._work_queue.qsize()

    def _respond(self, request):
        # Django closes connections when `request_finished` is sent; that is on a thread which has none.
        try:
            return self.get_response(request)
        finally:
            close_old_connections()
