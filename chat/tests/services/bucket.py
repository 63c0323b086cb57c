"""A server of S3 for tests: moto, which keeps its buckets in memory."""

import http.client
import sys
from pathlib import Path
from typing import Any

from .processes import Process, free_port

NAME = "files"


class Bucket(Process):
    """One bucket, empty at each start. `url` is the value of STORAGE_URL. moto checks no signatures."""

    def __init__(self, folder: Path):
        port = free_port()
        command = [sys.executable, "-c", "import moto.server; moto.server.main()", "--host", "127.0.0.1"]
        super().__init__("moto", [*command, "--port", port], port, log=folder / "moto.log")

    def wait_ready(self, *args: Any) -> None:
        """Return when the bucket exists."""
        super().wait_ready(*args)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("PUT", f"/{NAME}")
        assert connection.getresponse().status == 200
        connection.close()

    @property
    def url(self) -> str:
        """The address for the site."""
        return f"s3://key:secret@127.0.0.1:{self.port}/{NAME}?tls=false"

    @property
    def origin(self) -> str:
        """Where browsers fetch files."""
        return f"http://127.0.0.1:{self.port}"
