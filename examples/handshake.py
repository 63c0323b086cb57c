"""A WebSocket server from the standard library, to read beside RFC 6455: python examples/handshake.py [PORT]

It sends each text message to everybody. Open handshake.html in a browser, or run `node talk.mjs ws://127.0.0.1:8765`.
For learning only: it has no limits, no TLS and no time-outs.
"""

import base64
import contextlib
import hashlib
import socket
import struct
import sys
import threading

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # §1.3: the same for every WebSocket server
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA  # §5.2: opcodes
clients, lock = set(), threading.Lock()


def accept_key(key):
    """§4.2.2: base64(SHA-1(key + GUID)) proves that the server understood the handshake."""
    return base64.b64encode(hashlib.sha1(key + GUID).digest())


def answer(request):
    """§4.2: the response to a handshake; 400 when the request is not one."""
    lines = [line.partition(b":") for line in request.split(b"\r\n")[1:]]
    headers = {name.lower(): value.strip() for name, _, value in lines}
    key = headers.get(b"sec-websocket-key")
    if headers.get(b"upgrade", b"").lower() != b"websocket" or not key:
        return b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    accepted = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept_key(key) + b"\r\n"
    if b"chat" in headers.get(b"sec-websocket-protocol", b"").replace(b" ", b"").split(b","):
        accepted += b"Sec-WebSocket-Protocol: chat\r\n"  # §4.2.2: one of the subprotocols that the client offers
    return b"HTTP/1.1 101 Switching Protocols\r\n" + accepted + b"\r\n"


def frame(opcode, payload):
    """§5.2: one frame with FIN set. A server does not mask (§5.1)."""
    size, first = len(payload), 0x80 | opcode
    if size < 126:
        return struct.pack("!BB", first, size) + payload
    return (struct.pack("!BBH", first, 126, size) if size < 2**16 else struct.pack("!BBQ", first, 127, size)) + payload


def read_frame(stream):
    """§5.2: FIN, opcode and payload of the next frame. Raises struct.error when the connection ends."""
    first, second = struct.unpack("!BB", stream.read(2))
    form = {126: "!H", 127: "!Q"}.get(second & 0x7F)
    size = struct.unpack(form, stream.read(struct.calcsize(form)))[0] if form else second & 0x7F
    mask = struct.unpack("!4B", stream.read(4 if second & 0x80 else 0))  # §5.1: a client that does not mask is ended
    payload = struct.unpack(f"{size}B", stream.read(size))
    return first & 0x80, first & 0x0F, bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))  # §5.3


def send(data, *to):
    """Write a whole frame to some clients, or to all. With the lock held, frames of two threads do not mix."""
    with lock:
        for client in to or tuple(clients):
            with contextlib.suppress(OSError):  # This client has gone; its own thread notices.
                client.sendall(data)


def serve(client):
    """One connection: the handshake, then frames until a close frame or the end of the connection."""
    with client, client.makefile("rb") as stream, contextlib.suppress(OSError, struct.error):
        response = answer(b"\r\n".join(iter(lambda: stream.readline().strip(), b"")))  # until an empty line, or the end
        send(response, client)
        message = b""
        while b" 101 " in response:
            clients.add(client)
            final, opcode, payload = read_frame(stream)
            if opcode == CLOSE:
                send(frame(CLOSE, payload[:2]), client)  # §5.5.1: answer with the same code
                break
            if opcode == PING:
                send(frame(PONG, payload), client)  # §5.5.3
            elif opcode != PONG:
                message += payload  # §5.4: a message may come in several frames
                if final:
                    send(frame(TEXT, message))
                    message = b""
    clients.discard(client)


if __name__ == "__main__":
    server = socket.create_server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8765))
    print(f"Listening at ws://127.0.0.1:{server.getsockname()[1]}", flush=True)
    while True:
        threading.Thread(target=serve, args=server.accept()[:1], daemon=True).start()
