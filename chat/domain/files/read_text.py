"""The program of the child process: `python -m chat.domain.files.read_text SOURCE TYPE`.

It prints the text of a file, MAX_CHARACTERS at most, as JSON; an empty text for a file without one. It has no settings,
no database and no secrets. Limits of time and memory are set before any library is loaded.
"""

import json
import sys
from pathlib import Path

from chat import child_process

MEMORY_BYTES = 256 * 1024 * 1024
CPU_S = 20
_READ_BYTES = 4 * 1024 * 1024
"""Of a text file: MAX_CHARACTERS in UTF-8."""


def main() -> None:
    """Print the text of the file that the arguments name."""
    child_process.limit(memory_bytes=MEMORY_BYTES, cpu_s=CPU_S, file_bytes=0)
    # After the limits are set.
    from . import excerpts, office_text
    from .text_types import MAX_CHARACTERS, PDF

    source, media_type = Path(sys.argv[1]), sys.argv[2]
    if media_type == PDF:
        text = _pdf(source, MAX_CHARACTERS)
    elif media_type in office_text.TYPES:
        text = office_text.read(source, media_type)
    else:
        with source.open("rb") as file:
            text = excerpts.decode(file.read(_READ_BYTES))
    print(json.dumps(text[:MAX_CHARACTERS]))


def _pdf(source: Path, most: int) -> str:
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.disable()
    found: list[str] = []
    size = 0
    try:
        for page in PdfReader(source).pages:
            found.append(page.extract_text())
            size += len(found[-1])
            if size > most:
                break
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, MemoryError):
        # Damaged or encrypted: what was read until then is found.
        pass
    return "\n".join(found)


if __name__ == "__main__":
    main()
