"""A network between browsers and a site that can fail silently: packets vanish, and nobody is told."""

import asyncio
import threading


class Network:
    """Listens at `url` and passes bytes on to a site's `port`, in a thread of its own.

    After `lose()` the connections that stand carry nothing in either direction, and stay open; with `wholly`, neither
    do new ones, until `mend()`.
    """

    def __init__(self, port: int):
        self._site_port = port
        self._lost: set[asyncio.StreamWriter] = set()
        self._standing: dict[asyncio.StreamWriter, asyncio.StreamWriter] = {}
        self._broken = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._carry, "127.0.0.1", 0))

    def __enter__(self) -> "Network":
        return self

    def __exit__(self, *_) -> None:
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """The site's pages by way of this network, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def lose(self, *, wholly: bool = False) -> None:
        """Carry nothing more on the connections that stand; with `wholly`, nothing on new ones either."""
        self._broken = wholly
        self._lost |= set(self._standing)

    def mend(self) -> None:
        """Carry new connections again."""
        self._broken = False

    def _call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _carry(self, reader, writer) -> None:
        try:
            upstream, to_site = await asyncio.open_connection("127.0.0.1", self._site_port)
        except ConnectionError:
            writer.transport.abort()
            return
        if not self._server.is_serving():
            # Accepted just before `_close`, which does not know this connection.
            writer.transport.abort()
            to_site.transport.abort()
            return
        self._standing[writer] = to_site
        if self._broken:
            self._lost.add(writer)
        try:
            await asyncio.gather(self._pass(reader, to_site, writer), self._pass(upstream, writer, writer))
        finally:
            self._standing.pop(writer, None)
            self._lost.discard(writer)
            writer.close()
            to_site.close()

    async def _pass(self, source, target, name) -> None:
        try:
            while data := await source.read(65536):
                if name not in self._lost:
                    target.write(data)
                    await target.drain()
        except ConnectionError:
            pass
        if name not in self._lost:
            target.close()

    async def _close(self) -> None:
        self._server.close()
        for ends in list(self._standing.items()):
            for writer in ends:
                writer.transport.abort()
        await asyncio.wait_for(asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}), 10)
