"""OriginCheck on other servers, which may not check the handshake or have no extension for denials."""

import pytest

from project.origin import OriginCheck, reason_to_refuse


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
def test_invalid_hosts_and_origins_that_a_server_let_through_are_refused(headers):
    assert reason_to_refuse(scope(*headers))


def test_a_scope_without_a_scheme_is_compared_by_host_and_port():
    asked = scope(HOST, (b"origin", b"https://localhost"))
    del asked["scheme"]
    assert reason_to_refuse(asked) is None


async def test_without_the_denial_extension_a_refusal_is_a_close_and_no_consumer_runs():
    sent = []

    async def consumer(*_):
        pytest.fail("asked")

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    await OriginCheck(consumer)(scope(HOST, (b"origin", b"null")), receive, send)
    assert sent == [{"type": "websocket.close"}]
