"""State of a connection for which Twisted has no public API: from private attributes, and from the kernel."""

from socket import SO_ERROR, SOL_SOCKET

from twisted.protocols.tls import TLSMemoryBIOProtocol


def unsent_bytes(transport) -> int:
    """The number of bytes that the transport has not given to the kernel yet, with those that wait for encryption."""
    buffered = 0
    if isinstance(transport, TLSMemoryBIOProtocol):
        buffered = sum(map(len, transport._appSendBuffer))
        transport = transport.transport
    return buffered + len(transport.dataBuffer) - transport.offset + transport._tempDataLen


def was_reset(transport) -> bool:
    """Whether the peer has reset the connection. Call it after each read.

    When data and a reset arrive together, uvloop (libuv) calls Twisted's reader only once. That call reads the data,
    and no later call reports the reset. The connection would stay open until a timeout, and each write would raise. The
    kernel clears SO_ERROR when it is read: after True, close the connection, because the next call returns False.
    """
    if isinstance(transport, TLSMemoryBIOProtocol):
        transport = transport.transport
    return transport.socket.getsockopt(SOL_SOCKET, SO_ERROR) != 0
