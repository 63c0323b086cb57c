"""Translates between a WebSocket and the ASGI messages of its application."""

from . import handshake
from .framing import WebSocketFraming
from .http_error import HttpError, response_head

ABNORMAL_CLOSURE = 1006


class AsgiBridge(WebSocketFraming):
    """The application's side of a WebSocket. `WebSocketConnection` sets the attributes that are declared here."""

    service = direct = receive_queue = None
    offer: handshake.Offer
    address: str | None
    path = ""
    request_head: bytes | None = None
    """The request line and headers as they arrived, until the socket is accepted."""
    PAUSED_UNTIL_ACCEPT, PAUSED_BY_QUEUE, PAUSED_BY_APPLICATION = 1, 2, 4
    accepted = _disconnect_sent = False
    _denial: tuple[dict, bytes] | None = None

    # --- From the client to the application

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        if isBinary:
            self.receive_queue.put_nowait({"type": "websocket.receive", "bytes": payload})
        else:
            self.receive_queue.put_nowait({"type": "websocket.receive", "text": payload.decode()})

    def notify_disconnect(self, code: int) -> None:
        """Send `websocket.disconnect` to the application, once."""
        if not self._disconnect_sent:
            self._disconnect_sent = True
            if self.receive_queue is not None:
                self.receive_queue.put_nowait({"type": "websocket.disconnect", "code": code})
            self.service.protocol_disconnected(self)
            self.log_action("disconnected" if self.accepted else "rejected")

    def log_action(self, action: str) -> None:
        """Write a line to Daphne's access log, if it has one."""
        self.service.log_action("websocket", action, {"path": self.path, "client": self.address})

    # --- From the application to the client

    def handle_reply(self, message: dict) -> None:
        """Process an ASGI message. Raises ValueError for one that is not allowed in this state."""
        kind = message["type"]
        if self.state == self.STATE_CONNECTING and kind in self._ANSWERS:
            self._ANSWERS[kind](self, message)
        elif kind == "websocket.close":
            self.close(message.get("code") or 1000, message.get("reason") or "")
        elif kind == "websocket.send" and self.state != self.STATE_CONNECTING:
            self._send_message(message)
        else:
            raise ValueError(f"{kind} is not allowed: the socket is {self.state_name()}.")

    def _accept(self, message: dict) -> None:
        response = handshake.response(self.offer, message.get("subprotocol"), message.get("headers") or ())
        self.state = self.STATE_OPEN
        self.accepted = True
        self.direct.open(response)
        self.request_head = None
        if self.observer is not None:
            self.observer.accepted(response)
            self.direct.begin_observation(self.observer)
        self.log_action("connected")
        self.resume_reading(self.PAUSED_UNTIL_ACCEPT)

    def _send_message(self, message: dict) -> None:
        text, data = message.get("text"), message.get("bytes")
        if (text is None) == (data is None):
            raise ValueError("websocket.send takes either text or bytes.")
        if self.state == self.STATE_OPEN:
            # Not autobahn's `sendMessage`: it applies the limit for incoming messages.
            self.sendFrame(1 if data is None else 2, text.encode() if data is None else data)

    def _close_handshake(self, _message: dict) -> None:
        self.reject(HttpError(403, "The application refused the connection."))

    def _begin_denial(self, message: dict) -> None:
        self._denial = message, b""

    def _continue_denial(self, message: dict) -> None:
        if self._denial is None:
            raise ValueError("websocket.http.response.body is not allowed before websocket.http.response.start.")
        start, body = self._denial[0], self._denial[1] + message.get("body", b"")
        self._denial = start, body
        if not message.get("more_body"):
            self._end_handshake(response_head(start["status"], start.get("headers", ()), body) + body)

    _ANSWERS = {
        "websocket.accept": _accept,
        "websocket.close": _close_handshake,
        "websocket.http.response.start": _begin_denial,
        "websocket.http.response.body": _continue_denial,
    }

    def reject(self, error: HttpError) -> None:
        """End the handshake with an HTTP response."""
        self._end_handshake(error.response())

    def _end_handshake(self, response: bytes) -> None:
        self.direct.put(response)
        self.wasClean = True
        self.dropConnection()
        self.notify_disconnect(ABNORMAL_CLOSURE)

    def application_ended(self, error: BaseException | None) -> None:
        """The application returned or failed while the socket was connected."""
        if self.state == self.STATE_CONNECTING:
            self.reject(HttpError(500, "The application did not answer."))
        else:
            self.close(1011 if error else 1000)

    def state_name(self) -> str:
        """The name of the state, for errors and logs."""
        return {self.STATE_CONNECTING: "not open yet", self.STATE_OPEN: "open"}.get(self.state, "closed")
