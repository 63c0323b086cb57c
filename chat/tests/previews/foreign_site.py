"""A web site of somebody else, on this machine: answers are given by path."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

from PIL import Image

ADDRESS = "127.0.0.1"


def picture(width: int = 800, height: int = 400, format: str = "PNG", **options) -> bytes:
    """A picture of one colour."""
    out = BytesIO()
    Image.new("RGB", (width, height), (200, 80, 40)).save(out, format, **options)
    return out.getvalue()


def page(title: str = "The harbour", **meta: str) -> bytes:
    """A page with a title and `meta` elements: `og_title` is `og:title`."""
    elements = "".join(f'<meta property="{k.replace("_", ":", 1)}" content="{v}">' for k, v in meta.items())
    return f"<!doctype html><html><head><title>{title}</title>{elements}</head><body>Ahoy</body></html>".encode()


class ForeignSite:
    """Answers at `url`. `answers`: for each path (status, headers, body), or a function that gets the handler.

    `asked` are the requests that came: (path, headers).
    """

    def __init__(self):
        self.answers: dict = {}
        self.asked: list = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.asked.append((self.path, dict(self.headers)))
                answer = site.answers.get(self.path, (404, {}, b""))
                if callable(answer):
                    return answer(self)
                status, headers, body = answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                """Clients that hang up are expected here."""

        self.server = Server((ADDRESS, 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self) -> int:
        return self.server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://{ADDRESS}:{self.port}"

    @property
    def allowed(self) -> set:
        """What lets a fetcher come here."""
        return {(ADDRESS, self.port)}

    def serve_page(self, path: str = "/", body: bytes = b"", **meta: str) -> str:
        """Serve a page; returns its address."""
        self.answers[path] = (200, {"Content-Type": "text/html; charset=utf-8"}, body or page(**meta))
        return self.url + path

    def serve_picture(self, path: str = "/picture.png", **options) -> str:
        """Serve a picture; returns its address."""
        self.answers[path] = (200, {"Content-Type": "image/png"}, picture(**options))
        return self.url + path

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
