"""Talk in a room from a terminal: python examples/talk.py ws://localhost:3368 lobby [SESSION]

Prints what is said and sends what is typed: as a guest or, with the value of a `sessionid` cookie, as that person.
"""

import json
import sys
import threading
import uuid

from websockets.sync.client import connect


def show(text):
    # What others say must not move this terminal's cursor.
    print("".join(c if c.isprintable() else " " for c in text), flush=True)


def listen(socket):
    last = 0
    for frame in map(json.loads, socket):
        match frame:
            case {"type": "welcome", "you": {"user": user, "guest": guest}}:
                show(f"You are {(user or guest)['name']}.")
            case {"type": "error", "detail": detail}:
                show(f"! {detail}")
            case {"type": "reply", "ref": "goodbye"}:
                return
        messages = [frame["message"]] if frame["type"] == "message" else frame.get("messages", [])
        for message in sorted(messages, key=lambda message: message["seq"]):
            if message["seq"] > last and not message["deleted"]:  # Edits of what was shown are not shown again.
                last = message["seq"]
                show(f"{(message['author'] or message['guest'])['name']}: {message['text']}")


def send_typed(socket, room):
    with open(0, errors="replace", closefd=False) as typed:
        for line in filter(str.strip, typed):
            socket.send(json.dumps({"type": "post", "room": room, "client_id": str(uuid.uuid4()), "body": line}))
    socket.send(json.dumps({"type": "close", "room": room, "ref": "goodbye"}))


url, room, *session = sys.argv[1:]
cookie = {"Cookie": f"sessionid={session[0]}"} if session else {}
with connect(url, subprotocols=["chat"], additional_headers=cookie) as socket:
    socket.send(json.dumps({"type": "open", "room": room}))
    threading.Thread(target=send_typed, args=(socket, room), daemon=True).start()
    listen(socket)
