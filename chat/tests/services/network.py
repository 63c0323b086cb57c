"""A network between browsers and a site that can lose packets without closing connections."""

import asyncio
import threading


class Network:
    """Listens at `url` and forwards bytes to a site's `port`, in a thread of its own.

    After `lose()` the open connections stay open and carry nothing in either direction. With `new_too`, new connections
    carry nothing either, until `mend()`.
    """

    def __init__(self, port: int):
        self._site_port = port
        self._lost: set[asyncio.StreamWriter] = set()
        self._open: dict[asyncio.StreamWriter, asyncio.StreamWriter] = {}
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
        """The URL of the site through this network, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def lose(self, *, new_too: bool = False) -> None:
        """Carry nothing more on open connections; with `new_too`, nothing on new ones either."""
        self._broken = new_too
        self._lost |= set(self._open)

    def mend(self) -> None:
        """Carry bytes of new connections again."""
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
        self._open[writer] = to_site
        if self._broken:
            self._lost.add(writer)
        try:
            await asyncio.gather(self._pass(reader, to_site, writer), self._pass(upstream, writer, writer))
        finally:
            self._open.pop(writer, None)
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
        for ends in list(self._open.items()):
            for writer in ends:
                writer.transport.abort()
        await asyncio.wait_for(asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}), 10)
