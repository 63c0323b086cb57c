"""Talk in a room from a terminal: python examples/talk.py ws://localhost:3368 lobby [SESSION]

Prints what is said and sends what is typed: as a guest or, with the value of a `sessionid` cookie, as that person.
A broken connection is made anew, and what had no answer is sent again: the server stores it once, because a guest comes
back as the same one, with the `resume` token of the welcome.
"""

import json
import sys
import threading
import time
import uuid

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

AGAIN_S = 1


def show(text):
    # What others say must not move this terminal's cursor.
    print("".join(c if c.isprintable() else " " for c in text), flush=True)


class Talk:
    def __init__(self, url, room, session=""):
        self.url, self.room = url, room
        self.cookie = f"sessionid={session}" if session else ""
        self.socket, self.name, self.last = None, None, 0
        self.outbox = {}  # By client_id, until it is answered.

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
                    raise  # It never worked: the address, perhaps.
            self.socket = None
            show("! The connection is gone. Trying again.")
            time.sleep(AGAIN_S)

    def listen(self, socket):
        """Returns True once there is nothing more to do."""
        for frame in map(json.loads, socket):
            match frame:
                case {"type": "welcome", "you": {"user": user, "guest": guest}, "resume": resume}:
                    self.begin(socket, (user or guest)["name"], resume)
                case {"type": "error", "detail": detail, "ref": ref}:
                    show(f"! {detail}")
                    self.outbox.pop(ref, None)
                case {"type": "bye", "reason": "signed_out" | "barred"} | {"type": "reply", "ref": "goodbye"}:
                    return True
                case {"type": "reply", "ref": ref}:
                    self.outbox.pop(ref, None)
            self.show_messages([frame["message"]] if frame["type"] == "message" else frame.get("messages", []))
        return False

    def begin(self, socket, name, resume):
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
            if message["seq"] > self.last and not message["deleted"]:  # Edits of what was shown are not shown again.
                self.last = message["seq"]
                show(f"{(message['author'] or message['guest'])['name']}: {message['text']}")

    def send_typed(self):
        with open(0, errors="replace", closefd=False) as typed:
            for line in filter(str.strip, typed):
                ref = str(uuid.uuid4())
                self.outbox[ref] = {"type": "post", "room": self.room, "client_id": ref, "body": line, "ref": ref}
                self.send(self.outbox[ref])
        # All that was typed is answered before this is.
        self.outbox["goodbye"] = {"type": "close", "room": self.room, "ref": "goodbye"}
        self.send(self.outbox["goodbye"])

    def send(self, command):
        try:
            if self.socket:
                self.socket.send(json.dumps(command))
        except WebSocketException:
            pass  # It is sent again on the next connection.


if __name__ == "__main__":
    Talk(*sys.argv[1:]).run()
