"""Debian's Firefox, driven by WebDriver BiDi: commands and answers as JSON over one WebSocket."""

import json
import os
import re
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from websockets.sync.client import connect

from chat.tests.services import Process, free_port, wait_until

from .tab import Tab

NAMES = ("firefox-esr", "firefox")
# A tone instead of the microphone. One that a page makes by AudioContext does not always begin on a busy machine.
TONE = """
user_pref("media.navigator.streams.fake", true);
user_pref("media.navigator.permission.disabled", true);
"""


class BidiError(RuntimeError):
    """The browser refused a command."""


class Firefox:
    """A headless Firefox with an empty profile. Each `open` makes a window with cookies of its own."""

    def __init__(self, folder: Path):
        program = next(filter(None, map(shutil.which, NAMES)), None)
        assert program, "Firefox is missing; `make test` installs it."
        profile = tempfile.mkdtemp(dir=folder)
        Path(profile, "user.js").write_text(TONE)
        self._port = free_port()
        command = [program, "--headless", "--no-remote", "--remote-debugging-port", self._port, "--profile", profile]
        env = os.environ | {"MOZ_HEADLESS": "1", "HOME": profile}
        self._process = Process("firefox", command, self._port, log=folder / "firefox.log", env=env)
        self._number = 0
        self._open = ExitStack()

    def start(self) -> "Firefox":
        """Start the browser. Returns when it accepts commands."""
        self._open.enter_context(self._process)
        wait_until(lambda: "WebDriver BiDi listening on" in self._process.log, "Firefox", 60)
        url = re.search(r"WebDriver BiDi listening on (ws://\S+)", self._process.log)[1]
        self._socket = self._open.enter_context(connect(f"{url}/session", max_size=None, ping_interval=None))
        self.command("session.new", capabilities={})
        return self

    def stop(self) -> None:
        """Stop the browser."""
        self._open.close()

    def open(self) -> "FirefoxTab":
        """Open a window with cookies of its own."""
        person = self.command("browser.createUserContext")["userContext"]
        context = self.command("browsingContext.create", type="window", userContext=person)["context"]
        return FirefoxTab(self, context)

    def command(self, method: str, **params) -> dict:
        """Send a command; returns its result. Raises BidiError."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while (answer := json.loads(self._socket.recv(timeout=60))).get("id") != self._number:
            pass
        if answer["type"] == "error":
            raise BidiError(f"{method}: {answer['error']}: {answer['message']}")
        return answer["result"]


class FirefoxTab(Tab):
    """A window of Firefox."""

    name = "firefox"

    def __init__(self, firefox: Firefox, context: str):
        self._firefox = firefox
        self._context = context

    def goto(self, url: str) -> None:
        """Go to an address; returns when the page is loaded."""
        self._command("browsingContext.navigate", url=url, wait="complete")

    def reload(self) -> None:
        """Load the page again."""
        self._command("browsingContext.reload", wait="complete")

    def back(self) -> None:
        """Go back in the history."""
        self._command("browsingContext.traverseHistory", delta=-1)

    def set_cookie(self, name: str, value: str) -> None:
        """Set a cookie of the site that is tested."""
        cookie = {"name": name, "value": {"type": "string", "value": value}, "domain": "127.0.0.1"}
        partition = {"type": "context", "context": self._context}
        self._firefox.command("storage.setCookie", cookie=cookie, partition=partition)

    def activate(self) -> None:
        """Give the window the focus."""
        self._command("browsingContext.activate")

    def close(self) -> None:
        """Close the window."""
        self._command("browsingContext.close")

    def call(self, function: str, json_text: str) -> str:
        """Call an asynchronous function from text to text."""
        result = self._firefox.command(
            "script.callFunction",
            functionDeclaration=function,
            arguments=[{"type": "string", "value": json_text}],
            target={"context": self._context},
            awaitPromise=True,
        )
        if result["type"] == "exception":
            raise BidiError(result["exceptionDetails"]["text"])
        return result["result"]["value"]

    def act(self, kind: str, actions: list[dict]) -> None:
        """Use the mouse ("pointer") or the keyboard ("key")."""
        self._command("input.performActions", actions=[{"type": kind, "id": kind, "actions": actions}])

    def _command(self, method: str, **params) -> dict:
        return self._firefox.command(method, context=self._context, **params)
