"""What Twisted and the kernel know of a connection, and have no public name for."""

from socket import SO_ERROR, SOL_SOCKET

from twisted.protocols.tls import TLSMemoryBIOProtocol


def unsent_bytes(transport) -> int:
    """How many bytes wait in a transport until the kernel takes them."""
    held = 0
    if isinstance(transport, TLSMemoryBIOProtocol):
        held = sum(map(len, transport._appSendBuffer))
        transport = transport.transport
    return held + len(transport.dataBuffer) - transport.offset + transport._tempDataLen


def was_reset(transport) -> bool:
    """Whether the other end has reset the connection. To be asked after each read.

    When data and a reset come at once, libuv tells uvloop of an error; that calls the reader once more, which gets
    the data, and never again: the connection would stay until a timeout, and each write to it would raise.
    """
    if isinstance(transport, TLSMemoryBIOProtocol):
        transport = transport.transport
    return transport.socket.getsockopt(SOL_SOCKET, SO_ERROR) != 0
