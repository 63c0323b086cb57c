"""What a socket and its ASGI application say to each other."""

from . import handshake
from .framing import Framing
from .refusal import Refusal, response_head

ABNORMAL = 1006


class Dialog(Framing):
    """The application's side of a socket. `Socket` sets what is named here."""

    service = direct = inbox = None
    offer: handshake.Offer
    address: str | None
    path = ""
    HELD_EARLY, HELD_BY_INBOX, HELD_BY_APPLICATION = 1, 2, 4
    accepted = _told = False
    _denial: tuple[dict, bytes] | None = None

    # --- Heard

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        if isBinary:
            self.inbox.put_nowait({"type": "websocket.receive", "bytes": payload})
        else:
            self.inbox.put_nowait({"type": "websocket.receive", "text": payload.decode()})

    def tell_end(self, code: int) -> None:
        """Tell the application, once, that this is the end."""
        if not self._told:
            self._told = True
            if self.inbox is not None:
                self.inbox.put_nowait({"type": "websocket.disconnect", "code": code})
            self.service.protocol_disconnected(self)
            self.note("disconnected" if self.accepted else "rejected")

    def note(self, action: str) -> None:
        """Write a line of Daphne's access log, when there is one."""
        self.service.log_action("websocket", action, {"path": self.path, "client": self.address})

    # --- Said

    def handle_reply(self, message: dict) -> None:
        """Do what an ASGI message says. Raises ValueError for one that has no place here."""
        kind = message["type"]
        if self.state == self.STATE_CONNECTING and kind in self._ANSWERS:
            self._ANSWERS[kind](self, message)
        elif kind == "websocket.close":
            self.close(message.get("code") or 1000, message.get("reason") or "")
        elif kind == "websocket.send" and self.state != self.STATE_CONNECTING:
            self._say(message)
        else:
            raise ValueError(f"{kind} has no place here: the socket is {self.stage()}.")

    def _accept(self, message: dict) -> None:
        response = handshake.response(self.offer, message.get("subprotocol"), message.get("headers") or ())
        self.state = self.STATE_OPEN
        self.accepted = True
        self.direct.open(response)
        self.note("connected")
        self.release(self.HELD_EARLY)

    def _say(self, message: dict) -> None:
        text, data = message.get("text"), message.get("bytes")
        if (text is None) == (data is None):
            raise ValueError("websocket.send takes either text or bytes.")
        if self.state == self.STATE_OPEN:
            # Not autobahn's `sendMessage`: its limit is meant for what comes in.
            self.sendFrame(1 if data is None else 2, text.encode() if data is None else data)

    def _reject(self, _message: dict) -> None:
        self.refuse(Refusal(403, "The application refused the connection."))

    def _begin_denial(self, message: dict) -> None:
        self._denial = message, b""

    def _deny(self, message: dict) -> None:
        if self._denial is None:
            raise ValueError("websocket.http.response.body has no place before websocket.http.response.start.")
        start, body = self._denial[0], self._denial[1] + message.get("body", b"")
        self._denial = start, body
        if not message.get("more_body"):
            self._end_handshake(response_head(start["status"], start.get("headers", ()), body) + body)

    _ANSWERS = {
        "websocket.accept": _accept,
        "websocket.close": _reject,
        "websocket.http.response.start": _begin_denial,
        "websocket.http.response.body": _deny,
    }

    def refuse(self, refusal: Refusal) -> None:
        """End the handshake with an HTTP response."""
        self._end_handshake(refusal.response())

    def _end_handshake(self, response: bytes) -> None:
        self.direct.put(response)
        self.wasClean = True
        self.dropConnection()
        self.tell_end(ABNORMAL)

    def application_ended(self, error: BaseException | None) -> None:
        """The application returned or failed, and the socket still stands."""
        if self.state == self.STATE_CONNECTING:
            self.refuse(Refusal(500, "The application did not answer."))
        else:
            self.close(1011 if error else 1000)

    def stage(self) -> str:
        """How far the socket is, in words."""
        return {self.STATE_CONNECTING: "not open yet", self.STATE_OPEN: "open"}.get(self.state, "closed")
