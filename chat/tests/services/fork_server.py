"""The other end of `programs`: a process that has imported the libraries, and forks programs of the project."""

import gc
import importlib
import json
import os
import runpy
import socket
import struct
import sys
import threading
from importlib.machinery import SourceFileLoader
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
# What `project.server` and `manage.py` import, without what creates an event loop, a thread or a reactor, or reads the
# settings or the environment. Subpackages are named where the package does not import them.
LIBRARIES = """
    argon2 asgiref.sync autobahn.twisted.wamp autobahn.twisted.websocket channels.consumer channels.db
    channels.layers channels.routing csp.middleware csp.utils daphne.utils dj_database_url dj_email_url
    django.conf.urls.i18n django.contrib.admin django.contrib.auth.hashers django.contrib.auth.password_validation
    django.contrib.auth.tokens django.contrib.messages.apps django.contrib.messages.middleware
    django.contrib.sessions.backends.base django.contrib.sessions.middleware django.contrib.staticfiles.apps
    django.contrib.staticfiles.finders django.contrib.syndication.views django.core.cache.backends.locmem
    django.core.cache.backends.redis django.core.handlers.asgi django.core.mail
    django.core.management.commands.migrate django.db.backends.postgresql.base django.db.backends.sqlite3.base
    django.forms django.middleware.clickjacking django.middleware.common django.middleware.csrf
    django.middleware.gzip django.middleware.http django.middleware.locale django.middleware.security
    django.template.loader django.test.signals django.views.debug django.views.defaults django.views.i18n
    django_stubs_ext django_tasks markdown_it nh3 prometheus_client.core psycopg psycopg_pool pydantic.main
    pydantic.type_adapter pytest pythonjsonlogger.json PIL.Image PIL.ImageOps PIL.ImageSequence re2 redis.asyncio
    segno snowballstemmer twisted.internet.posixbase twisted.internet.ssl twisted.internet.tcp twisted.web.http
    uvloop websockets.client websockets.extensions.permessage_deflate websockets.protocol websockets.speedups
    whitenoise.middleware whitenoise.storage
""".split()
# Modules of the project that use no model. They only define: a random key or the number of a process, made when a
# module is imported, would be the same in all programs.
PROJECT = """
    chat.protocol.commands chat.protocol.encoding chat.protocol.errors chat.protocol.events chat.protocol.handshake
    chat.protocol.replies chat.protocol.search chat.domain.emoji.names chat.domain.files.examine
    chat.domain.files.read_text chat.domain.guest_names chat.domain.markdown chat.domain.names
    chat.domain.networks chat.domain.recorded_verbs chat.domain.search.query chat.domain.search.tokens
    chat.previews.fetching chat.previews.parsing
""".split()
MAX_REQUEST_BYTES = 128 * 1024


def serve(control: socket.socket) -> list[str] | None:
    """Start a program for each request until the test process ends. Returns twice: in each program that was forked,
    with its command line, and at the end, with None."""
    _import_libraries()
    _compile_project()
    gc.freeze()  # Otherwise a collection in a program writes to all objects, which copies their pages of memory.
    guardians = set()
    while True:
        request, descriptors, _flags, _address = socket.recv_fds(control, MAX_REQUEST_BYTES, 4)
        if not request:
            return None
        guardian = os.fork()
        if guardian == 0:
            os.close(control.detach())
            if _is_program(descriptors):
                return _prepare(json.loads(request))
        guardians.add(guardian)
        guardians -= {ended for ended in guardians if os.waitpid(ended, os.WNOHANG)[0]}
        for descriptor in descriptors:
            os.close(descriptor)


def _import_libraries() -> None:
    from django.conf import settings
    from django.core.exceptions import AppRegistryNotReady, ImproperlyConfigured

    for name in LIBRARIES + PROJECT:
        try:
            importlib.import_module(name)
        except (AppRegistryNotReady, ImproperlyConfigured) as error:
            raise RuntimeError(
                f"{name} now uses models or settings: remove it from chat.tests.services.fork_server"
            ) from error
    if "twisted.internet.reactor" in sys.modules or settings.configured or threading.active_count() > 1:
        raise RuntimeError("A library of LIBRARIES creates a reactor or a thread, or reads the settings.")


def _compile_project() -> None:
    """Compile the modules of the project once, so that no program does. Each would need 0.3 s of CPU time for it where
    PYTHONDONTWRITEBYTECODE is set, and reads and decodes hundreds of files elsewhere."""
    compiled = {}
    for package in ("chat", "project"):
        for path in (ROOT / package).rglob("*.py"):
            if "tests" not in path.parts:
                compiled[str(path)] = compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
    load = SourceFileLoader.get_code
    SourceFileLoader.get_code = lambda loader, name: compiled.get(loader.path) or load(loader, name)


def _is_program(descriptors: list[int]) -> bool:
    """In the guardian: fork the program, where True is returned, and report its pid and its exit code."""
    report, *streams = descriptors
    pid = os.fork()
    if pid == 0:
        os.setsid()
        for number, descriptor in enumerate(streams):
            os.dup2(descriptor, number)
        os.closerange(3, max(descriptors) + 1)
        return True
    for descriptor in streams:
        os.close(descriptor)
    try:
        os.write(report, struct.pack("i", pid))
        _pid, status = os.waitpid(pid, 0)
        os.write(report, struct.pack("i", os.waitstatus_to_exitcode(status)))
    finally:
        os._exit(0)


def _prepare(request: dict) -> list[str]:
    os.environ.clear()
    os.environ.update(request["env"])
    return request["program"]


def run_as_main(program: list[str]) -> None:
    """Run `-m module …` or `manage.py …` as Python's command line does."""
    if program[0] == "-m":
        sys.argv = program[1:]
        runpy.run_module(program[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = program
        runpy.run_path(program[0], run_name="__main__")


if __name__ == "__main__":
    program = serve(socket.socket(fileno=int(sys.argv[1])))
    if program:
        run_as_main(program)
