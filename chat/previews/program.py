"""The program of the child process: `python -m chat.previews.program`.

It reads `{"urls": […], "allowed": [[address, port], …]}` from standard input, and prints a list with the preview of
each link, or null. Limits of time and memory are set before any library is loaded.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from chat import child_process

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_S = 20
OPEN_FILES = 128


def main() -> None:
    """Look the links up, all at the same time."""
    child_process.limit(memory_bytes=MEMORY_BYTES, cpu_s=CPU_S, file_bytes=0, open_files=OPEN_FILES)
    # After the limits are set.
    from .fetching import Fetcher
    from .looking_up import look_up

    asked = json.load(sys.stdin)
    allowed = {(address, port) for address, port in asked["allowed"]}

    def find(url: str) -> dict[str, Any] | None:
        try:
            found = look_up(url, lambda deadline: Fetcher(deadline, allowed=allowed))
        except Exception as error:
            # One page must not take the previews of the others away.
            print(f"{type(error).__name__} while {url[:200]!r} was looked up: {error}", file=sys.stderr)
            return None
        return None if found is None else found.as_json()

    with ThreadPoolExecutor(max(1, len(asked["urls"]))) as threads:
        print(json.dumps(list(threads.map(find, asked["urls"]))))


if __name__ == "__main__":
    main()
