"""The log of a worker: JSON lines with ids, without secrets."""

import json
import logging
import sys
from datetime import datetime

import pytest

from chat.tests.client import Client
from chat.tests.services import wait_until
from project.operations.logs import JSONFormatter, LineFormatter

pytestmark = pytest.mark.core

SECRET_WORD = "rhubarb-pie"


@pytest.fixture(scope="module")
def json_site(new_site):
    """A site that logs JSON, behind a proxy at 127.0.0.1."""
    site = new_site(LOG_FORMAT="json", TRUSTED_PROXIES="127.0.0.1")
    yield site.start()
    site.stop()


@pytest.fixture
def written(json_site):
    """Function that returns what its log has since the test began."""
    sizes = json_site.log_sizes()
    return lambda: json_site.log_since(sizes)


def entries(log: str) -> list[dict]:
    """The entries of a log, without the line that shows the address."""
    return [json.loads(line) for line in log.splitlines() if not line.startswith("Parley is at")]


def test_a_request_has_one_line_with_the_id_of_its_response(json_site, written):
    answer = json_site.visitor().get("/accounts/login/?next=/rooms/lobby/")
    own = answer.headers["X-Request-ID"]
    # The line is written after the response.
    wait_until(lambda: own in written())
    (line,) = [entry for entry in entries(written()) if entry.get("id") == own]
    assert datetime.fromisoformat(line["time"]).tzinfo
    assert (line["logger"], line["status"], line["path"]) == ("parley.access", 200, "/accounts/login/")
    assert line["message"] == "GET /accounts/login/ 200"
    assert line["ms"] > 0
    assert line["client"] == "127.0.0.1"


def test_only_the_id_of_a_trusted_proxy_is_used(json_site, site):
    assert json_site.visitor().get("/chat", X_Request_ID="abc-123-def").headers["X-Request-ID"] == "abc-123-def"
    for wrong in ("short", "with space", "x" * 65):
        assert json_site.visitor().get("/chat", X_Request_ID=wrong).headers["X-Request-ID"] != wrong
    # The shared site trusts no proxy.
    assert site.visitor().get("/chat", X_Request_ID="abc-123-def").headers["X-Request-ID"] != "abc-123-def"


async def test_the_lines_of_a_socket_have_one_id(json_site, written):
    async with Client(json_site.ws_url, json_site.sign_in("alice"), rooms=["lobby"]):
        pass
    wait_until(lambda: "socket ends" in written())
    lines = [entry for entry in entries(written()) if entry["message"].startswith("socket ")]
    assert [line["message"] for line in lines] == ["socket begins", "socket ends"]
    assert lines[0]["id"] == lines[1]["id"]
    assert lines[1]["seconds"] >= 0


async def test_message_texts_secret_links_and_cookies_are_not_logged(json_site, written):
    invitation, reset = json_site.python(
        """
        from datetime import timedelta
        from django.contrib.auth import get_user_model
        from django.contrib.auth.tokens import default_token_generator
        from django.utils import timezone
        from chat.domain import invites
        from chat.models import Room
        alice = get_user_model().objects.get_by_natural_key("alice")
        soon = timezone.now() + timedelta(hours=1)
        result = [
            invites.create(room=Room.objects.get(slug="lobby"), by=alice, expires_at=soon)[1],
            default_token_generator.make_token(alice),
        ]
        """
    )
    visitor = json_site.visitor("bob")
    assert visitor.get(f"/join/{invitation}/?with={invitation}").url == f"{json_site.url}/rooms/lobby/"
    for path in (f"/setup/{invitation}/", f"/accounts/reset/MQ/{reset}/", f"/nowhere/?next={invitation}"):
        visitor.get(path)
    async with Client(json_site.ws_url, json_site.sign_in("alice"), rooms=["lobby"]) as alice:
        await alice.post_message("lobby", SECRET_WORD)
    wait_until(lambda: "socket ends" in written())
    messages = [entry["message"] for entry in entries(written())]
    assert "GET /join/… 302" in messages
    assert any(message.startswith("GET /accounts/reset/…") for message in messages)
    for secret in (invitation, reset, SECRET_WORD, visitor.cookies["sessionid"]):
        assert secret not in json_site.log


@pytest.mark.parametrize("formatter", [LineFormatter("{message}", style="{"), JSONFormatter()])
def test_a_traceback_contains_no_row_of_the_database(formatter):
    try:
        raise ValueError(f"duplicate key\nDETAIL:  Key (text)=({SECRET_WORD}\nand more) exists.")
    except ValueError:
        record = logging.makeLogRecord({"msg": "It failed.", "exc_info": sys.exc_info()})
    written = formatter.format(record)
    assert "duplicate key" in written
    assert SECRET_WORD not in written


@pytest.mark.log_may_show("Traceback|ERROR")
def test_an_error_is_one_line_with_its_traceback(json_site, written):
    rename = "from django.db import connection\nconnection.cursor().execute(f'ALTER TABLE {old} RENAME TO {new}')"
    json_site.python(rename, old="chat_site", new="chat_elsewhere")
    try:
        answer = json_site.visitor().get("/")
    finally:
        json_site.python(rename, old="chat_elsewhere", new="chat_site")
    assert answer.status == 500
    wait_until(lambda: "traceback" in written())
    (line,) = [
        entry
        for entry in entries(written())
        if entry.get("id") == answer.headers["X-Request-ID"] and "traceback" in entry
    ]
    assert line["level"] == "ERROR"
    assert line["id"] == answer.headers["X-Request-ID"]
    assert "OperationalError" in line["traceback"]
