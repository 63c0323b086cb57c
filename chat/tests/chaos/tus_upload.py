"""An upload of a chaos client: by tus, in small pieces, continued after each cut where the server says that it is."""

import asyncio
import base64
import time

import aiohttp

ANSWER_S = 15
PATIENCE_S = 180
PIECE_BYTES = 16 * 1024
RETRY_S = 0.5
AGAIN = {423, 429, 500, 502, 503}
"""Statuses after which a client tries again: another request has the lock, or something does not answer now."""


class UploadFailed(Exception):
    """The server broke a promise about an upload: what it had acknowledged is gone."""


class TusUpload:
    """One file that a person uploads into a room. `url`: the site's pages; `session`: the key of the person's."""

    def __init__(self, url: str, session: str, room: str, content: bytes):
        self.url = url
        self.headers = {"Cookie": f"sessionid={session}", "Tus-Resumable": "1.0.0"}
        self.room = room
        self.content = content
        self.address: str | None = None
        self.acknowledged = 0
        self.interruptions = 0
        self._is_certain = False

    async def send(self) -> int | None:
        """Upload everything; returns the id, or None if the person has too many uploads. Raises UploadFailed, and
        TimeoutError."""
        give_up = time.monotonic() + PATIENCE_S
        while self.acknowledged < len(self.content):
            if time.monotonic() > give_up:
                raise TimeoutError(f"upload {self.address} at {self.acknowledged} of {len(self.content)}")
            try:
                timeout = aiohttp.ClientTimeout(total=ANSWER_S)
                async with aiohttp.ClientSession(self.url, headers=self.headers, timeout=timeout) as session:
                    if not await self._continue(session):
                        return None
            except (aiohttp.ClientError, TimeoutError, ConnectionError):
                self.interruptions += 1
                self._is_certain = False
                await asyncio.sleep(RETRY_S)
        assert self.address
        return int(self.address.split("/")[-2])

    async def _continue(self, session: aiohttp.ClientSession) -> bool:
        """Make progress until something fails. False if the person may not begin another upload."""
        if self.address is None:
            name = base64.b64encode(b"chaos.bin").decode()
            new = {"Upload-Length": str(len(self.content)), "Upload-Metadata": f"filename {name}"}
            async with session.post(f"/rooms/{self.room}/files/", headers=new) as answer:
                if answer.status == 429 and (await answer.json())["code"] == "too_many_uploads":
                    return False
                if self._must_wait(answer, 201):
                    return await self._pause()
                self.address, self._is_certain = answer.headers["Location"], True
        if not self._is_certain:
            async with session.head(self.address) as answer:
                if self._must_wait(answer, 200):
                    return await self._pause()
                self._note(int(answer.headers["Upload-Offset"]))
        while self.acknowledged < len(self.content):
            piece = self.content[self.acknowledged : self.acknowledged + PIECE_BYTES]
            part = {"Upload-Offset": str(self.acknowledged), "Content-Type": "application/offset+octet-stream"}
            async with session.patch(self.address, data=piece, headers=part) as answer:
                if self._must_wait(answer, 204, 409):
                    return await self._pause()
                if answer.status == 409:
                    # A request whose answer was lost has added its bytes.
                    self._is_certain = False
                    return True
                self._note(int(answer.headers["Upload-Offset"]))
        return True

    def _must_wait(self, answer: aiohttp.ClientResponse, *expected: int) -> bool:
        if answer.status in expected:
            return False
        if answer.status in AGAIN:
            return True
        raise UploadFailed(f"upload {self.address} at {self.acknowledged} got {answer.status}")

    async def _pause(self) -> bool:
        self._is_certain = False
        await asyncio.sleep(RETRY_S)
        return True

    def _note(self, offset: int) -> None:
        if offset < self.acknowledged:
            raise UploadFailed(f"upload {self.address} was at {self.acknowledged}, now it is at {offset}")
        self.acknowledged, self._is_certain = offset, True
