"""Log lines of the server about a request or a socket contain its id."""

import json

import pytest

from chat.tests.client import Client
from chat.tests.server.octets import frame, handshake
from chat.tests.server.raw import Raw
from chat.tests.services import wait_until

pytestmark = pytest.mark.core

BEHIND_A_PROXY = {"LOG_FORMAT": "json", "TRUSTED_PROXIES": "127.0.0.1"}


def lines(site, words: str) -> list[dict]:
    """The entries of the log whose message contains these words."""
    entries = [json.loads(line) for line in site.log.splitlines() if line.startswith("{")]
    return [entry for entry in entries if words in entry["message"]]


@pytest.mark.log_may_show("Traceback|ERROR")
def test_a_failure_of_the_application_is_logged_with_the_requests_id(new_site):
    site = new_site(**BEHIND_A_PROXY)
    # Without static files no page can be rendered, not even the error page. The link leads to files of all tests.
    (site.folder / "static").unlink()
    (site.folder / "static").mkdir()
    try:
        site.start()
        assert site.visitor().get("/accounts/login/", X_Request_ID="of-dora-1").status == 500
        (failure,) = wait_until(lambda: lines(site, "The application failed."))
    finally:
        site.stop()
    assert failure["id"] == "of-dora-1"
    assert "staticfiles" in failure["traceback"]


async def test_a_slow_reader_is_logged_with_its_own_id_and_not_the_writers(make_site):
    site = make_site(CHAT_POST_RATE=0, MAX_UNSENT=100_000, **BEHIND_A_PROXY)
    worker = site.workers[0]
    with Raw(worker.port, receive_buffer=4096) as bob:
        bob.send(handshake("/chat", f"Cookie: {site.cookie('bob')}", "X-Request-ID: of-bobs-socket")).head()
        bob.send(frame(1, json.dumps({"type": "open", "room": "lobby"}).encode()))
        async with Client(worker.ws_url, site.sign_in("alice"), rooms=["lobby"]) as alice:
            while not lines(site, "reads too slowly"):
                await alice.post_message("lobby", "x" * 8000)
    assert [line["id"] for line in lines(site, "reads too slowly")] == ["of-bobs-socket"]
