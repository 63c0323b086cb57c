"""The container's health check: `python -m project.deploy.healthcheck` exits with 0 if the worker is ready, else 1."""

import os
import sys
import urllib.error
import urllib.request

TIMEOUT_S = 3


def main() -> int:
    """Request /readyz and print the response: the container engine stores it for operators."""
    port = os.environ.get("PORT", "3368")
    # Ignore the proxy variables of the environment: the request must stay in the container.
    open_url = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
    try:
        with open_url(f"http://127.0.0.1:{port}/readyz", timeout=TIMEOUT_S) as response:
            print(response.read(1000).decode(errors="replace"))
            return 0
    except urllib.error.HTTPError as error:
        print(error.read(1000).decode(errors="replace"))
    except OSError as error:
        print(error)
    return 1


if __name__ == "__main__":
    sys.exit(main())
