"""Starts the child process that looks links up: pages and pictures of strangers may crash a decoder, or use a lot of
memory."""

import json
import logging
import subprocess
from collections.abc import Collection
from typing import Any

from chat import child_process

TIMEOUT_S = 30

logger = logging.getLogger(__name__)


def look_up(urls: list[str], allowed: Collection[tuple[str, int]] = ()) -> list[dict[str, Any] | None]:
    """The preview of each link, as `looking_up.Found.as_json` says, or None. `allowed`: see `fetching.Fetcher`.

    Raises OSError when the process cannot be started. One that crashes or takes too long has found nothing.
    """
    asked = json.dumps({"urls": urls, "allowed": [list(pair) for pair in allowed]})
    try:
        done = child_process.run("chat.previews.program", timeout_s=TIMEOUT_S, text=asked)
        found: list[dict[str, Any] | None] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        logger.warning("The process that looks links up failed: %s", error)
        return [None] * len(urls)
    for line in done.stderr.splitlines():
        logger.warning("%s", line)
    return found
