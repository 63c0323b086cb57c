"""Django's ASGI handler, with all the synchronous work of a request in one step on one thread."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from time import monotonic

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import HttpResponse
from django.urls import Resolver404, resolve

HASHING = {
    *("login", "password_change", "password_reset_confirm", "chat:setup", "chat:invite"),
    *("admin:auth_user_add", "admin:auth_user_password_change"),
}
"""Names of the pages whose forms hash a password: that takes a tenth of a second of a processor, on purpose."""
HASHING_THREADS = 2
HASHING_WAITING_MOST = 100
STUCK_S = 15
"""A page takes a fraction of this. One that is not made by then may never be."""


class Handler(ASGIHandler):
    """Serves the site's pages: its middleware and views are synchronous.

    Django's own handler takes each synchronous middleware to a thread and back by itself, and makes a new thread, with
    new database connections, for every request. Ours has a few threads that stay, and others for forms that hash a
    password: however many people sign in at once, pages are made meanwhile.
    """

    def __init__(self):
        super().__init__()
        self._pages = Threads("http", settings.HTTP_THREADS)
        self._hashing = Threads("hashing", HASHING_THREADS)

    def load_middleware(self, is_async=False):
        """Load the middleware for synchronous calls, whatever Django's handler asks for."""
        super().load_middleware(is_async=False)

    async def __call__(self, scope, receive, send):
        # Without Django's ThreadSensitiveContext: it would make a thread for this request alone.
        await self.handle(scope, receive, send)

    async def get_response_async(self, request):
        """The response to `request`, made on one of our threads."""
        if not hashes_password(request):
            return await self._pages.run(self._respond, request)
        if self._hashing.waiting() >= HASHING_WAITING_MOST:
            headers = {"Retry-After": "5", "Content-Type": "text/plain; charset=utf-8"}
            return HttpResponse("Too many people sign in at this moment. Try again.\n", status=503, headers=headers)
        return await self._hashing.run(self._respond, request)

    def waiting(self) -> int:
        """How many requests wait for a thread."""
        return self._pages.waiting() + self._hashing.waiting()

    def stuck(self) -> int:
        """How many threads have been busy with one request for longer than STUCK_S."""
        return self._pages.stuck() + self._hashing.stuck()

    def trouble(self) -> str | None:
        """In words, when no page can be made, or nobody can sign in: all threads of a kind are stuck."""
        for threads in (self._pages, self._hashing):
            if threads.stuck() >= threads.many:
                return f"All {threads.many} threads ({threads.name}) are busy with requests for more than {STUCK_S} s."
        return None

    def _respond(self, request):
        # Django closes connections when `request_finished` is sent; that is on a thread which has none.
        try:
            return self.get_response(request)
        finally:
            close_old_connections()


def hashes_password(request) -> bool:
    """Whether to answer `request` a password is hashed."""
    if request.method != "POST":
        return False
    try:
        return resolve(request.path_info).view_name in HASHING
    except Resolver404:
        return False


class Threads:
    """A few threads that work on requests, and since when each of them does."""

    def __init__(self, name: str, many: int):
        self.name = name
        self.many = many
        self._executor = ThreadPoolExecutor(many, thread_name_prefix=name)
        self._began: dict[int, float] = {}
        self._numbers = count()

    async def run(self, work: Callable, request):
        """Run `work(request)` on one of the threads, and return what it returns."""
        return await sync_to_async(self._run, thread_sensitive=False, executor=self._executor)(work, request)

    def waiting(self) -> int:
        """How many requests wait for a thread."""
        return self._executor._work_queue.qsize()

    def stuck(self) -> int:
        """How many threads have been busy with one request for longer than STUCK_S."""
        before = monotonic() - STUCK_S
        return sum(began < before for began in list(self._began.values()))

    def _run(self, work: Callable, request):
        number = next(self._numbers)
        self._began[number] = monotonic()
        try:
            return work(request)
        finally:
            del self._began[number]
