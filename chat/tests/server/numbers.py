"""Serves single metrics of a test's server as pages: `/number/parley_held_bytes`."""

from prometheus_client import REGISTRY

PREFIX = "/number/"


async def answer_number(scope, send) -> bool:
    """Answer a request for a metric; returns false for any other request."""
    if not scope["path"].startswith(PREFIX):
        return False
    body = str(REGISTRY.get_sample_value(scope["path"].removeprefix(PREFIX))).encode()
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
    return True
