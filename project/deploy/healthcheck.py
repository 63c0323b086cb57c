"""Whether this container's worker may be sent people: `python -m project.deploy.healthcheck`, exit code 0 or 1."""

import os
import sys
import urllib.error
import urllib.request

TIMEOUT_S = 3


def main() -> int:
    """Ask for /readyz; the answer is printed: the container engine keeps it, and a person may read it."""
    port = os.environ.get("PORT", "3368")
    ask = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
    try:
        with ask(f"http://127.0.0.1:{port}/readyz", timeout=TIMEOUT_S) as answer:
            print(answer.read(1000).decode(errors="replace"))
            return 0
    except urllib.error.HTTPError as error:
        print(error.read(1000).decode(errors="replace"))
    except OSError as error:
        print(error)
    return 1


if __name__ == "__main__":
    sys.exit(main())
