"""The checks, in order: CHECKS at the end lists them. Each takes an Examination and returns a Result.

They raise OSError, TimeoutError and NoResponse; `run` makes a Result of each.
"""

import asyncio
import os
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import replace

from django.utils.translation import gettext as _
from websockets.frames import Opcode

from . import advice
from .connection import NoResponse, OldHttp, end, get
from .examination import PING_INTERVAL_S, Examination
from .results import Outcome, Result, failed, ok, warning
from .target import TIMEOUT_S, Target

FOREIGN_HOST = "another-site.invalid"
LARGE_FRAME_BYTES = 64 * 1024
"""The site's own limit is never lower (see MAX_MESSAGE_BYTES)."""
TCP_TIMEOUT_S = 1
"""For a connection to an address that has just accepted one, or not."""
GAP_S = 0.2


async def reach(examination: Examination) -> Result:
    """TCP and TLS, with a certificate that a browser accepts."""
    target = examination.target = await examination.target.resolved()
    try:
        _reader, writer = await target.connect(examination.context)
    except TimeoutError:
        if target.secure and await _accepts_tcp(target):
            return failed(_("The port accepts connections, but gives no answer in TLS."), advice.TLS)
        raise
    tls = writer.get_extra_info("ssl_object")
    await end(writer)
    found = {"address": target.address if examination.shows_address else target.host, "port": target.port}
    if tls is None:
        return ok(_("%(address)s accepts connections on port %(port)d, without TLS.") % found)
    found |= {"tls": tls.version(), "http": tls.selected_alpn_protocol() or "HTTP/1.1"}
    return ok(_("%(address)s accepts connections on port %(port)d, with %(tls)s and %(http)s.") % found)


async def _accepts_tcp(target: Target) -> bool:
    try:
        async with asyncio.timeout(TCP_TIMEOUT_S):
            _reader, writer = await replace(target, secure=False).connect(None)
    except (OSError, TimeoutError):
        return False
    await end(writer)
    return True


async def plain_request(examination: Examination) -> Result:
    """A request without an upgrade: the site answers 426 (RFC 9110, section 15.5.22)."""
    response = await get(examination.target, examination.context)
    if response.status == 426:
        return ok(_("A plain request to the socket's path is answered with 426, as expected."))
    found = _("A plain request to %(path)s is answered with %(status)d; expected is 426.") % {
        "path": examination.target.path,
        "status": response.status,
    }
    return failed(found, advice.for_status(response.status, response.headers.get("location", "")))


async def foreign_host(examination: Examination) -> Result:
    """A request with the `Host` of another site is refused."""
    try:
        response = await get(examination.target, examination.context, host=FOREIGN_HOST)
    except (OSError, NoResponse):
        return ok(_("A request with another host name gets no answer."))
    if response.status == 426:
        return warning(_("A request with another host name is taken for this site."), advice.HOSTS)
    if response.status < 400:
        sentence = _("A request with another host name does not reach this site: it is answered with %(status)d.")
        return ok(sentence % {"status": response.status})
    return ok(_("A request with another host name is refused with %(status)d.") % {"status": response.status})


async def upgrade(examination: Examination) -> Result:
    """An upgrade by a page of the site (RFC 6455, section 4.2.2), and the first frame."""
    async with examination.socket() as socket:
        status, headers = socket.response.status_code, socket.response.headers
        if status == 403:
            return failed(_("The site refuses a page of its own origin with 403."), advice.ORIGIN)
        if status in {400, 426}:
            found = _("The upgrade is answered with %(status)d: it did not reach the site as one.") % {"status": status}
            return failed(found, advice.UPGRADE)
        if status != 101:
            found = _("The upgrade is answered with %(status)d instead of 101.") % {"status": status}
            return failed(found, advice.for_status(status, headers.get("Location", "")))
        if not socket.is_open:
            found = _("The answer to the upgrade is wrong: %(error)s.") % {"error": socket.error}
            return failed(found, advice.ACCEPT)
        frame = (await socket.next_frame())[1]
        # An error: there are too many new guests, or guests of this address are banned. The connection itself works.
        if '"type":"welcome"' not in frame and '"type":"error"' not in frame:
            return failed(_("The first frame is not the one that Parley sends."), advice.NOT_PARLEY)
        return ok(_("A page of this origin can open a socket, and gets the first frame."))


async def foreign_origin(examination: Examination) -> Result:
    """An upgrade by a page of another site is refused (RFC 6455, section 10.2)."""
    async with examination.socket(origin=f"https://{FOREIGN_HOST}") as socket:
        status = socket.response.status_code
    if status == 101:
        return failed(_("A page of another site can open a socket."), advice.FOREIGN_ORIGIN)
    return ok(_("A page of another site is refused with %(status)d.") % {"status": status})


async def subprotocol(examination: Examination) -> Result:
    """The site chooses the subprotocol `chat` (RFC 6455, section 1.9)."""
    async with examination.socket() as socket:
        chosen = socket.response.headers.get("Sec-WebSocket-Protocol")
    if chosen == "chat":
        return ok(_("The subprotocol is “chat”."))
    if not chosen:
        return failed(_("The answer has no subprotocol; expected is “chat”."), advice.SUBPROTOCOL)
    found = _("The subprotocol in the answer is %(chosen)s; expected is “chat”.") % {"chosen": chosen}
    return failed(found, advice.SUBPROTOCOL)


async def compression(examination: Examination) -> Result:
    """Frames are not compressed, also when the client offers it (RFC 7692)."""
    async with examination.socket(deflate=True) as socket:
        extensions = socket.response.headers.get("Sec-WebSocket-Extensions")
    if extensions:
        return warning(_("Frames are compressed: %(extensions)s.") % {"extensions": extensions}, advice.COMPRESSION)
    return ok(_("Frames are not compressed."))


async def buffering(examination: Examination) -> Result:
    """Two answers that the site sends 200 ms apart arrive separately: no proxy buffers frames."""
    async with examination.socket() as socket:
        sent_at = time.monotonic()
        socket.send({"type": "ping", "ref": 1})
        answers = asyncio.create_task(socket.answers_to(1, 2))
        await asyncio.sleep(GAP_S)
        socket.send({"type": "ping", "ref": 2})
        first_at, second_at = await answers
    found = {"delay": round(1000 * (first_at - sent_at))}
    if second_at - first_at < GAP_S / 2:
        return warning(_("Two answers arrive together, the first one after %(delay)d ms.") % found, advice.BUFFERING)
    return ok(_("An answer arrives after %(delay)d ms.") % found)


async def large_frame(examination: Examination) -> Result:
    """A frame of 64 KiB is answered."""
    async with examination.socket() as socket:
        socket.send({"type": "ping", "ref": 1, "padding": "x" * LARGE_FRAME_BYTES})
        found = {"size": LARGE_FRAME_BYTES // 1024}
        try:
            await socket.answers_to(1)
        except ConnectionError:
            sentence = _("A frame of %(size)d KiB ends the connection with %(code)s.")
            return failed(sentence % {**found, "code": socket.close_code}, advice.LARGE_FRAME)
    return ok(_("A frame of %(size)d KiB is answered.") % found)


async def idle(examination: Examination) -> Result:
    """A socket on which the client sends nothing but pongs stays open, and gets the pings of the site."""
    async with examination.socket() as socket:
        seconds = await socket.listen(examination.idle_s)
        pings = sum(frame.opcode is Opcode.PING for _at, frame in socket.frames)
        found = {"seconds": round(seconds), "pings": pings, "code": socket.close_code}
        if not socket.is_open:
            return failed(_("A quiet socket was ended after %(seconds)d s with %(code)s.") % found, advice.IDLE)
    if not pings and examination.idle_s > PING_INTERVAL_S:
        return warning(_("A quiet socket stays open for %(seconds)d s, but gets no ping.") % found, advice.PINGS)
    return ok(_("A quiet socket stays open for %(seconds)d s, with %(pings)d pings.") % found)


async def close_and_return(examination: Examination) -> Result:
    """The closing handshake (RFC 6455, section 7.1.2), and a new connection right after it."""
    async with examination.socket() as socket:
        await socket.next_frame()
        code = await socket.close()
    if code != 1000:
        return warning(_("A close with 1000 is answered with %(code)s.") % {"code": code}, advice.CLOSE)
    async with examination.socket() as socket:
        if socket.response.status_code != 101:
            found = _("A connection right after a close is refused with %(status)d.")
            return failed(found % {"status": socket.response.status_code}, advice.RECONNECT)
        await socket.next_frame()
    return ok(_("A close is answered, and a new connection is accepted right after it."))


Check = Callable[[Examination], Awaitable[Result]]
CHECKS: dict[str, Check] = {
    "connection": reach,
    "plain HTTP": plain_request,
    "other host name": foreign_host,
    "upgrade": upgrade,
    "other origin": foreign_origin,
    "subprotocol": subprotocol,
    "compression": compression,
    "buffering": buffering,
    "large frame": large_frame,
    "close": close_and_return,
    "idle connection": idle,
}
REQUIRED_CHECKS = {"connection", "upgrade"}
"""When one of these fails, the checks after it are not run, because they would fail for the same reason."""


async def run(examination: Examination, names: Iterable[str] = CHECKS) -> AsyncIterator[tuple[str, Result]]:
    """Run checks one after the other, by default all; yields the name and the result of each."""
    for name in names:
        result = await run_one(name, examination)
        yield name, result
        if name in REQUIRED_CHECKS and result.outcome is Outcome.FAILED:
            return


async def run_one(name: str, examination: Examination) -> Result:
    """The result of one check, also when it cannot be made. Of a site that has not been reached it needs `connection`
    first."""
    try:
        return await CHECKS[name](examination)
    except ssl.SSLCertVerificationError as error:
        return failed(
            _("The certificate is not valid: %(reason)s.") % {"reason": error.verify_message}, advice.CERTIFICATE
        )
    except ssl.SSLError as error:
        return failed(_("TLS fails: %(reason)s.") % {"reason": error.reason or error}, advice.TLS)
    except OldHttp:
        return failed(_("The answer is in HTTP/1.0; a WebSocket needs HTTP/1.1."), advice.UPGRADE)
    except NoResponse:
        return failed(_("The answer is not HTTP."), advice.NOT_PARLEY)
    except TimeoutError:
        return failed(_("There is no answer within %(seconds)s s.") % {"seconds": TIMEOUT_S}, advice.TIMEOUT)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        return failed(_("The connection fails: %(reason)s.") % {"reason": reason}, advice.UNREACHABLE)
