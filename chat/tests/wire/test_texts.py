"""Texts: characters that cannot be stored are replaced; everything else is stored unchanged and escaped in HTML."""

import json
from itertools import dropwhile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.sync.client import connect

from .asking import a_post, answer_to

pytestmark = pytest.mark.sites("site")


UNSTORABLE = {
    r"a\u0000b": "a\ufffdb",
    r"a\ud800b": "a\ufffdb",
    r"a\udfffb": "a\ufffdb",
    r"\udc00\ud83d": "\ufffd\ufffd",
    r"\ud83e\uddf6": "🧶",
    r"one\r\ntwo\rthree": "one\ntwo\nthree",
}
UNUSUAL = {
    "bidi": "\u202eevil\u202c \u2066isolated\u2069",
    "zero width": "zero\u200bwidth\u200d\ufeff",
    "combining": "ẑ̸̧̛̬͓͎̳̯̥̥͎̲̲͔͉̮̫͇̼̞a̵l̶g̷o̴",
    "scripts": "مرحبا שלום नमस्ते 你好 👩‍👩‍👧‍👦",
    "controls": "\x01\x02\x1b[31m\x7f\x9b",
    "noncharacters": "\U0010ffff\ufdd0",
    "long word": "w" * 5000,
}
HTML = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](data:text/html,<script>alert(1)</script>)",
    "![x](http://tracker.example/pixel.gif)",
    "<a href='https://example.com' onclick='alert(1)'>x</a>",
    "```html\n<script>alert(1)</script>\n```",
    "https://example.com/?q=<script>",
)


async def test_characters_that_no_database_stores_become_u_fffd(alice, bob, room):
    for version, (escaped, stored) in enumerate(UNSTORABLE.items(), 1):
        command = json.dumps(a_post(room, "BODY") | {"type": "post", "ref": 1}).replace("BODY", escaped)
        assert (await answer_to(alice, command))["message"]["text"] == stored
        assert (await bob.wait_for_frame("message", room, version=version))["message"]["text"] == stored


async def test_unusual_text_is_stored_unchanged(alice, bob, room):
    for version, (kind, text) in enumerate(UNUSUAL.items(), 1):
        assert (await alice.post_message(room, text))["text"] == text, kind
        assert (await bob.wait_for_frame("message", room, version=version))["message"]["text"] == text, kind
        assert (await bob.ask("open", room=room))["messages"][-1]["text"] == text, kind


async def test_html_in_a_message_is_escaped(alice, room):
    for text in HTML:
        html = (await alice.post_message(room, text))["html"]
        assert "<script" not in html
        assert "<img" not in html
        assert "onclick=" not in html.replace("&#39;", "").split("&lt;")[0]
        assert 'href="javascript:' not in html
        assert 'href="data:' not in html


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec=None), min_size=1, max_size=200))
def test_any_text_is_returned_as_it_was_stored(any_text_room, text):
    """Any characters are refused as empty, or are the same in the reply and in the log.

    Only empty lines before it and white space after it are removed.
    """
    ask, room = any_text_room
    answer = ask({"type": "post"} | a_post(room, text))
    if answer["type"] == "error":
        assert (answer["code"], answer["field"]) == ("invalid", "body")
        return
    stored = answer["message"]["text"]
    expected = "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)
    lines = expected.replace("\r\n", "\n").replace("\r", "\n").rstrip().split("\n")
    assert stored == "\n".join(dropwhile(lambda line: not line.strip(), lines))
    page = ask({"type": "history", "room": room, "before": answer["message"]["seq"] + 1, "limit": 1})
    assert page["messages"] == [answer["message"]]


@pytest.fixture
def any_text_room(place, room):
    """A function that sends commands as Alice, and a room. Without an event loop, for hypothesis."""
    with connect(
        place.ws_url, additional_headers={"Cookie": place.cookie("alice")}, proxy=None, max_size=None
    ) as socket:

        def ask(command: dict) -> dict:
            socket.send(json.dumps(command | {"ref": "ask"}))
            while (frame := json.loads(socket.recv(timeout=90))).get("ref") != "ask":
                pass
            return frame

        yield ask, room
