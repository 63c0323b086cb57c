"""Talk in a room from a terminal: python examples/talk.py ws://localhost:3368 lobby [SESSION]

Prints messages and sends each typed line: as a guest or, with the value of a `sessionid` cookie, as that person.
After a lost connection it reconnects and sends the commands again that had no reply. The server stores each message
once, by its `client_id` and sender. A guest stays the same sender by the `resume` token of the welcome.
"""

import json
import sys
import threading
import time
import uuid

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

RETRY_S = 1


def show(text):
    # Control characters of other people must not move the cursor of this terminal.
    print("".join(c if c.isprintable() else " " for c in text), flush=True)


class Talk:
    def __init__(self, url, room, session=""):
        self.url, self.room = url, room
        self.cookie = f"sessionid={session}" if session else ""
        self.socket, self.name, self.last = None, None, 0
        self.outbox = {}  # Commands without a reply, by client_id.

    def run(self):
        threading.Thread(target=self.send_typed, daemon=True).start()
        while True:
            try:
                headers = {"Cookie": self.cookie} if self.cookie else {}
                with connect(self.url, subprotocols=["chat"], additional_headers=headers) as socket:
                    if self.listen(socket):
                        return
            except (OSError, WebSocketException):
                if self.name is None:
                    raise  # The first connection failed: the address may be wrong.
            self.socket = None
            show("! Connection lost. Reconnecting.")
            time.sleep(RETRY_S)

    def listen(self, socket):
        """Handle frames until the connection ends. Returns True if the program should end."""
        for frame in map(json.loads, socket):
            match frame:
                case {"type": "welcome", "you": {"user": user, "guest": guest}, "resume": resume}:
                    self.start(socket, (user or guest)["name"], resume)
                case {"type": "error", "detail": detail, "ref": ref}:
                    show(f"! {detail}")
                    self.outbox.pop(ref, None)
                case {"type": "bye", "reason": "signed_out" | "banned"} | {"type": "reply", "ref": "goodbye"}:
                    return True
                case {"type": "reply", "ref": ref}:
                    self.outbox.pop(ref, None)
            self.show_messages([frame["message"]] if frame["type"] == "message" else frame.get("messages", []))
        return False

    def start(self, socket, name, resume):
        if name != self.name:
            show(f"You are {name}.")
        self.socket, self.name = socket, name
        if resume:
            self.cookie = f"parley_guest={resume}"
        self.send({"type": "open", "room": self.room, "ref": "open"})
        for command in list(self.outbox.values()):
            self.send(command)

    def show_messages(self, messages):
        for message in sorted(messages, key=lambda message: message["seq"]):
            if message["seq"] > self.last and not message["deleted"]:  # Edits of shown messages are not shown again.
                self.last = message["seq"]
                show(f"{(message['author'] or message['guest'])['name']}: {message['text']}")

    def send_typed(self):
        with open(0, errors="replace", closefd=False) as typed:
            for line in filter(str.strip, typed):
                ref = str(uuid.uuid4())
                self.outbox[ref] = {"type": "post", "room": self.room, "client_id": ref, "body": line, "ref": ref}
                self.send(self.outbox[ref])
        # Replies arrive in order: when this one arrives, all messages have been answered.
        self.outbox["goodbye"] = {"type": "close", "room": self.room, "ref": "goodbye"}
        self.send(self.outbox["goodbye"])

    def send(self, command):
        try:
            if self.socket:
                self.socket.send(json.dumps(command))
        except WebSocketException:
            pass  # The next connection sends it again.


if __name__ == "__main__":
    if len(sys.argv) not in {3, 4}:
        sys.exit(__doc__)
    Talk(*sys.argv[1:]).run()
