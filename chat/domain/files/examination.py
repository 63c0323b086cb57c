"""Starts the child process that examines a file: hostile files may crash a decoder, or keep it busy for hours."""

import json
import subprocess
from pathlib import Path

from chat import child_process

from .findings import Findings, Refused

TIMEOUT_S = 120


def examine(source: Path, name: str, folder: Path) -> Findings:
    """Examine the file `source`, which its sender called `name`; what is made of it is written into `folder`.

    Raises Refused, also when the child died or took too long.
    """
    arguments = (str(source), name, str(folder))
    try:
        done = child_process.run("chat.domain.files.examine", *arguments, timeout_s=TIMEOUT_S)
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise Refused("damaged") from error
    if "refused" in answer:
        raise Refused(answer["refused"])
    return Findings.from_json(answer)
