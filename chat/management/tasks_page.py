"""The health and the metrics of `manage.py tasks`, over HTTP: there is no Django behind it."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.db import Error, connection
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

TIMEOUT_S = 5
TEXT = "text/plain; charset=utf-8"


class TasksPage(ThreadingHTTPServer):
    """Serves at `address`, a pair of host and port; `worker` says whether it runs."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], worker):
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self.worker = worker
        super().__init__(address, _Handler)

    def start(self) -> None:
        """Serve in a thread."""
        threading.Thread(target=self.serve_forever, name="tasks-page", daemon=True).start()

    def stop(self) -> None:
        """Stop serving."""
        self.shutdown()
        self.server_close()

    def problem(self) -> str | None:
        """What prevents jobs from being run, as a sentence; None if nothing does."""
        if not self.worker.running:
            return "The threads for jobs have ended."
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except Error as error:
            return f"The database does not answer: {error}"
        finally:
            connection.close()
        return None


class _Handler(BaseHTTPRequestHandler):
    timeout = TIMEOUT_S

    def do_GET(self):
        """Answer one of the three paths."""
        if self.path == "/metrics":
            self._answer(200, generate_latest(REGISTRY), CONTENT_TYPE_LATEST)
        elif self.path == "/healthz":
            self._answer(200, b"alive\n")
        elif self.path == "/readyz":
            problem = self.server.problem()
            self._answer(503 if problem else 200, f"jobs: {problem or 'ok'}\n".encode())
        else:
            self._answer(404, b"Not found.\n")

    def _answer(self, status: int, body: bytes, content_type: str = TEXT) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Nothing: the engine asks for the health every few seconds."""
