"""Runs a program of this project in a child process: hostile data may crash a decoder, or use a lot of memory or time.

The child has no settings, no passwords of databases and no secret key. It calls `limit` of this module itself,
before it loads the libraries that read hostile data. Standard library only.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_VARIABLES = ("PATH", "LANG", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""What a process needs to start, and to verify the certificates of other hosts."""


def run(module: str, *arguments: str, timeout_s: float, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run `python -m module`, with `text` as its standard input. What it printed is in `stdout` and `stderr`
    of the result.

    Raises subprocess.SubprocessError when it fails or takes longer than `timeout_s`, and OSError when it cannot be
    started. It costs about 0.2 s of CPU more than the work itself.
    """
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=_ROOT,
        env={name: os.environ[name] for name in _VARIABLES if name in os.environ},
        input=text,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=True,
    )


def limit(*, memory_bytes: int, cpu_s: int, file_bytes: int, open_files: int | None = None) -> None:
    """Limit the resources of this process. `file_bytes`: of each file that it writes.

    Call it before other libraries are loaded, so that nothing of them runs without limits.

    Raises ValueError or OSError if the system refuses a limit.
    """
    _limit(resource.RLIMIT_AS, memory_bytes)
    _limit(resource.RLIMIT_CPU, cpu_s)
    _limit(resource.RLIMIT_FSIZE, file_bytes)
    _limit(resource.RLIMIT_CORE, 0)
    if open_files is not None:
        _limit(resource.RLIMIT_NOFILE, open_files)


def _limit(kind: int, value: int) -> None:
    _soft, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))
