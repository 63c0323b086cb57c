"""Debian's WebKitGTK under Xvfb, driven by WebDriver over HTTP. Each person has a driver and a session."""

import json
import shutil
import urllib.error
import urllib.request
from pathlib import Path

from chat.tests.services import Process, free_port, wait_until

from .tab import Tab

BROWSERS = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"


class WebKit:
    """An Xvfb screen, with a browser for each person."""

    def __init__(self, folder: Path):
        for program in ("Xvfb", "WebKitWebDriver"):
            assert shutil.which(program), f"{program} is missing; `make browsers` installs it."
        self._browser = str(next(Path("/").glob(BROWSERS.lstrip("/"))))
        self._folder = folder
        self._drivers: list[Process] = []

    def start(self) -> "WebKit":
        """Start Xvfb."""
        self._display = f":{free_port()}"
        lock = Path(f"/tmp/.X11-unix/X{self._display[1:]}")
        command = ["Xvfb", self._display, "-screen", "0", "1200x900x24", "-nolisten", "tcp"]
        self._screen = Process("Xvfb", command, 0, log=self._folder / "xvfb.log")
        self._screen.start(wait=False)
        wait_until(lock.exists, "Xvfb")
        return self

    def stop(self) -> None:
        """Stop Xvfb and all browsers."""
        for process in (*self._drivers, self._screen):
            process.stop()

    def open(self) -> "WebKitTab":
        """Start a browser with a profile of its own."""
        port = free_port()
        home = self._folder / f"home-{port}"
        home.mkdir()
        env = {"PATH": "/usr/bin:/bin", "DISPLAY": self._display, "HOME": str(home), "LANG": "C.UTF-8"}
        # WebKit's sandbox needs user namespaces, which containers do not have.
        env |= {"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1", "LIBGL_ALWAYS_SOFTWARE": "1"}
        driver = Process("WebKitWebDriver", ["WebKitWebDriver", f"--port={port}"], port, log=home / "log", env=env)
        self._drivers.append(driver.start())
        options = {"binary": self._browser, "args": ["--automation"]}
        capabilities = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        session = _ask(f"http://127.0.0.1:{port}/session", capabilities)["sessionId"]
        return WebKitTab(f"http://127.0.0.1:{port}/session/{session}")


class WebKitTab(Tab):
    """The only window of a browser."""

    name = "webkit"

    def __init__(self, session: str):
        self._session = session

    def goto(self, url: str) -> None:
        """Go to an address; returns when the page is loaded."""
        self._command("url", url=url)

    def reload(self) -> None:
        """Load the page again."""
        self._command("refresh")

    def back(self) -> None:
        """Go back in the history."""
        self._command("back")

    def set_cookie(self, name: str, value: str) -> None:
        """Set a cookie of the site whose page is open."""
        self._command("cookie", cookie={"name": name, "value": value, "path": "/"})

    def activate(self) -> None:
        """The only window always has the focus."""

    def close(self) -> None:
        """Stop the browser."""
        _ask(self._session, None, method="DELETE")

    def call(self, function: str, json_text: str) -> str:
        """Call an asynchronous function from text to text."""
        script = f"const done = arguments[1]; ({function})(arguments[0]).then(done, (e) => done('E' + e));"
        result = self._command("execute/async", script=script, args=[json_text])
        assert not result.startswith("E"), result
        return result

    def act(self, kind: str, actions: list[dict]) -> None:
        """Use the mouse ("pointer") or the keyboard ("key")."""
        self._command("actions", actions=[{"type": kind, "id": kind, "actions": actions}])

    def _command(self, path: str, **body):
        return _ask(f"{self._session}/{path}", body)


def _ask(url: str, body: dict | None, method: str = "POST"):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=120) as response:
            return json.load(response)["value"]
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{url}: {error.read().decode()}") from error
