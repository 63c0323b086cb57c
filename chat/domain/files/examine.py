"""The program of the child process: `python -m chat.domain.files.examine SOURCE NAME FOLDER`.

It finds the type of a file, writes what can be made of it into FOLDER, and prints the findings, or `{"refused": code}`,
as one line of JSON. It has no settings, no database and no secrets. Limits of time and memory are set before any
library is loaded.
"""

import json
import sys
from pathlib import Path

from chat import child_process

MEMORY_BYTES = 1536 * 1024 * 1024
CPU_S = 60
WRITTEN_BYTES = 1024 * 1024 * 1024


def main() -> None:
    """Examine the file that the arguments name."""
    child_process.limit(memory_bytes=MEMORY_BYTES, cpu_s=CPU_S, file_bytes=WRITTEN_BYTES)
    # After the limits are set.
    from . import by_type
    from .findings import Refused

    source, name, folder = sys.argv[1:]
    try:
        print(json.dumps(by_type.examine(Path(source), name, Path(folder)).as_json()))
    except Refused as refused:
        print(json.dumps({"refused": refused.code}))


if __name__ == "__main__":
    main()
