"""Django's ASGI handler, changed so that all synchronous work of a request runs in one step on one thread."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from tempfile import SpooledTemporaryFile
from time import monotonic

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import HttpResponse
from django.urls import Resolver404, resolve

HASHING_VIEWS = {
    *("login", "password_change", "password_reset_confirm", "chat:setup", "chat:invite"),
    *("admin:people_user_add", "admin:auth_user_password_change", "admin:password_change"),
}
"""Names of the views whose forms hash a password, which takes 0.1 s of CPU on purpose."""
SEARCH_VIEW = "chat:search_results"
"""The view that may take seconds of the database's time."""
HASHING_THREADS = 2
UPLOAD_THREADS = 4
MAX_HASHING_WAITING = 100
STUCK_S = 15
"""A page takes a fraction of a second. After this time, its thread counts as stuck."""


class Handler(ASGIHandler):
    """Serves the site's pages, whose middleware and views are synchronous.

    Django's handler switches between event loop and thread for each synchronous middleware, and makes a thread with
    new database connections for every request. This one keeps a few threads. Forms that hash a password and uploads
    have their own threads, and so have searches: pages are not delayed when many people sign in at once, while a file
    is written, or by a search that takes long.
    """

    chunk_size = 1024 * 1024
    """A page is sent in one piece: each of Django's pieces of 64 KiB is a step of the event loop of its own."""

    def __init__(self):
        super().__init__()
        Path(settings.REQUEST_BODIES_FOLDER).mkdir(parents=True, exist_ok=True)
        self._pages = ThreadPool("http", settings.HTTP_THREADS)
        self._hashing = ThreadPool("hashing", HASHING_THREADS)
        # Of their own: a disk that is busy writing files must not delay pages.
        self._uploads = ThreadPool("uploads", UPLOAD_THREADS)
        self._searches = ThreadPool("search", settings.SEARCH_THREADS)
        self._pools = (self._pages, self._hashing, self._uploads, self._searches)

    async def read_body(self, receive):
        """The body as a file, like Django's method, but in REQUEST_BODIES_FOLDER if it is too large for memory."""
        size, folder = settings.FILE_UPLOAD_MAX_MEMORY_SIZE, settings.REQUEST_BODIES_FOLDER
        body = SpooledTemporaryFile(max_size=size, mode="w+b", dir=folder)  # noqa: SIM115 (Django closes it)
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                body.close()
                raise RequestAborted
            body.write(message.get("body", b""))
            more = message.get("more_body", False)
        body.seek(0)
        return body

    def load_middleware(self, is_async=False):
        """Load the middleware for synchronous calls; `is_async` is ignored."""
        super().load_middleware(is_async=False)

    async def __call__(self, scope, receive, send):
        # Without Django's ThreadSensitiveContext, which makes a thread for each request.
        await self.handle(scope, receive, send)

    async def get_response_async(self, request):
        """The response to `request`, made on one of the threads; 503 if too many sign-ins wait."""
        if "HTTP_TUS_RESUMABLE" in request.META:
            return await self._uploads.run(self._respond, request)
        if is_search(request):
            return await self._searches.run(self._respond, request)
        if not hashes_password(request):
            return await self._pages.run(self._respond, request)
        if self._hashing.waiting() >= MAX_HASHING_WAITING:
            headers = {"Retry-After": "5", "Content-Type": "text/plain; charset=utf-8"}
            return HttpResponse("Too many people are signing in. Try again.\n", status=503, headers=headers)
        return await self._hashing.run(self._respond, request)

    def waiting(self) -> int:
        """The number of requests that wait for a thread."""
        return sum(pool.waiting() for pool in self._pools)

    def stuck(self) -> int:
        """The number of threads that have been busy with one request for more than STUCK_S."""
        return sum(pool.stuck() for pool in self._pools)

    def problem(self) -> str | None:
        """A sentence for `/readyz` if all threads of a pool are stuck, else None."""
        for pool in self._pools:
            if pool.stuck() >= pool.size:
                return f"All {pool.size} threads ({pool.name}) are busy with requests for more than {STUCK_S} s."
        return None

    def _respond(self, request):
        # Django closes old connections on `request_finished`, which runs on a thread that has none.
        try:
            return self.get_response(request)
        finally:
            close_old_connections()


def hashes_password(request) -> bool:
    """Whether the response to `request` needs a password to be hashed."""
    return request.method == "POST" and _view_name(request) in HASHING_VIEWS


def is_search(request) -> bool:
    """Whether the response to `request` needs a search. Most requests are not resolved here for that."""
    return "search" in request.path_info and _view_name(request) == SEARCH_VIEW


def _view_name(request) -> str | None:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return None


class ThreadPool:
    """`size` threads that serve requests. It knows for how long each has been busy."""

    def __init__(self, name: str, size: int):
        self.name = name
        self.size = size
        self._executor = ThreadPoolExecutor(size, thread_name_prefix=name)
        self._started_at: dict[int, float] = {}
        self._numbers = count()

    async def run(self, work: Callable, request):
        """Run `work(request)` on one of the threads, and return its result."""
        return await sync_to_async(self._run, thread_sensitive=False, executor=self._executor)(work, request)

    def waiting(self) -> int:
        """The number of requests that wait for a thread."""
        return self._executor._work_queue.qsize()

    def stuck(self) -> int:
        """The number of threads that have been busy with one request for more than STUCK_S."""
        limit = monotonic() - STUCK_S
        return sum(started_at < limit for started_at in list(self._started_at.values()))

    def _run(self, work: Callable, request):
        number = next(self._numbers)
        self._started_at[number] = monotonic()
        try:
            return work(request)
        finally:
            del self._started_at[number]
