"""The check of host and origin on other servers, which do not know all of the handshake's rules or extensions."""

import pytest

from project.origin import OriginCheck, refusal


def scope(*headers, scheme="ws", **more):
    return {"type": "websocket", "scheme": scheme, "headers": list(headers), **more}


HOST = (b"host", b"localhost")


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [HOST, HOST],
        [HOST, (b"origin", b"http://localhost"), (b"origin", b"http://localhost")],
        [HOST, (b"origin", b"http://localhost:1")],
    ],
)
def test_what_a_server_should_have_refused_is_refused(headers):
    assert refusal(scope(*headers))


def test_a_scope_without_a_scheme_is_judged_by_host_and_port():
    asked = scope(HOST, (b"origin", b"https://localhost"))
    del asked["scheme"]
    assert refusal(asked) is None


async def test_a_refusal_reaches_no_consumer_and_is_a_close_on_a_server_that_knows_no_better():
    sent = []

    async def consumer(*_):
        pytest.fail("asked")

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    await OriginCheck(consumer)(scope(HOST, (b"origin", b"null")), receive, send)
    assert sent == [{"type": "websocket.close"}]
