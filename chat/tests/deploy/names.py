"""A name server for tests: as in a compose network, one name has the addresses of all workers."""

import secrets

from dnslib import QTYPE, RCODE, RR, A
from dnslib.server import BaseResolver, DNSLogger, DNSServer

from chat.tests.services import free_port


class Names(BaseResolver):
    """A name server at 127.0.0.1:`port`. Every name has `addresses`, a list that a test may change at any time."""

    def __init__(self):
        self.addresses: list[str] = []
        self.port = free_port()
        self._server = DNSServer(self, address="127.0.0.1", port=self.port, logger=DNSLogger("-request,-reply"))

    def __enter__(self) -> "Names":
        self._server.start_thread()
        return self

    def __exit__(self, *_):
        self._server.stop()
        self._server.server.server_close()

    def resolve(self, request, handler):
        """The answer to one query; it has IPv4 addresses only."""
        reply = request.reply()
        if request.q.qtype == QTYPE.A:
            for address in self.addresses:
                reply.add_answer(RR(request.q.qname, QTYPE.A, rdata=A(address), ttl=0))
        if not self.addresses:
            reply.header.rcode = RCODE.NXDOMAIN
        return reply


def new_addresses(count: int) -> list[str]:
    """`count` addresses of the loopback network (127.0.0.0/8) that no other test uses."""
    # Not from `random`: hypothesis seeds it, so parallel processes of pytest would choose the same ones.
    network = f"127.{1 + secrets.randbelow(250)}.{secrets.randbelow(256)}"
    return [f"{network}.{10 + number}" for number in range(count)]
