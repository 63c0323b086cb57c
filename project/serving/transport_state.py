"""State of a connection that Twisted's transports and the kernel have, but no public API of Twisted gives."""

from socket import SO_ERROR, SOL_SOCKET

from twisted.protocols.tls import TLSMemoryBIOProtocol


def unsent_bytes(transport) -> int:
    """The number of bytes that wait in a transport until the kernel takes them."""
    buffered = 0
    if isinstance(transport, TLSMemoryBIOProtocol):
        buffered = sum(map(len, transport._appSendBuffer))
        transport = transport.transport
    return buffered + len(transport.dataBuffer) - transport.offset + transport._tempDataLen


def was_reset(transport) -> bool:
    """Whether the peer has reset the connection. Call it after each read.

    When data and a reset arrive together, libuv reports an error to uvloop, which calls the reader once: it gets the
    data, and is not called again. The connection would stay open until a timeout, and each write to it would raise.
    """
    if isinstance(transport, TLSMemoryBIOProtocol):
        transport = transport.transport
    return transport.socket.getsockopt(SOL_SOCKET, SO_ERROR) != 0
