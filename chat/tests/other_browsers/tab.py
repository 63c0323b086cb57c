"""A tab of any browser, and what a person does in it with mouse and keyboard."""

import json
import time

from chat.tests.services import wait_until

PATIENCE_S = 40
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "ArrowUp": "\ue013", "Home": "\ue011", "Control": "\ue009"}
"""The code points that stand for keys: https://www.w3.org/TR/webdriver2/#keyboard-actions"""
PRESSED_MS = 10
CENTRE = """
(selector, text) => {
    const found = [...document.querySelectorAll(selector)].filter((each) => each.textContent.includes(text));
    const shown = found.find((each) => each.getClientRects().length);
    if (!shown) return null;
    shown.scrollIntoView({ block: "nearest" });
    const { x, y, width, height } = shown.getBoundingClientRect();
    return [Math.round(x + width / 2), Math.round(y + height / 2)];
}
"""


class Tab:
    """What a driver gives: `goto`, `reload`, `back`, `set_cookie`, `call` (a function on JSON text) and `act`.

    `act` takes input sources as WebDriver and BiDi both write them.
    """

    def run(self, function: str, *arguments):
        """Call a JavaScript function in the page, with and for values that JSON can hold; a promise is waited for."""
        wrapped = f"async (json) => JSON.stringify((await ({function})(...JSON.parse(json))) ?? null)"
        return json.loads(self.call(wrapped, json.dumps(arguments)))

    def wait_for(self, function: str, *arguments, timeout: float = PATIENCE_S):
        """Call a JavaScript function until it gives something true; returns that."""
        return wait_until(lambda: self.run(function, *arguments), f"{function} {arguments}", timeout)

    def sees(self, selector: str, text: str = "", timeout: float = PATIENCE_S) -> None:
        """Wait until something that the selector finds is shown, with this text in it."""
        self.wait_for(f"(...given) => ({CENTRE})(...given) !== null", selector, text, timeout=timeout)

    def sees_no(self, selector: str, text: str = "") -> None:
        """Wait until nothing that the selector finds is shown with this text in it."""
        self.wait_for(f"(...given) => ({CENTRE})(...given) === null", selector, text)

    def click(self, selector: str, text: str = "") -> None:
        """Wait for the first shown element with this text, and click in its middle."""
        x, y = self.wait_for(CENTRE, selector, text)
        move = {"type": "pointerMove", "x": x, "y": y, "origin": "viewport"}
        press = [{"type": "pointerDown", "button": 0}, {"type": "pause", "duration": PRESSED_MS}]
        self.act("pointer", [move, *press, {"type": "pointerUp", "button": 0}])

    def hover(self, selector: str, text: str = "") -> None:
        """Wait for the first shown element with this text, and move the mouse over it."""
        x, y = self.wait_for(CENTRE, selector, text)
        for step in (1, 0):
            self.act("pointer", [{"type": "pointerMove", "x": x + step, "y": y, "origin": "viewport"}])

    def type(self, text: str) -> None:
        """Press the keys of a text, wherever the focus is."""
        for character in text:
            self.act("key", [{"type": kind, "value": character} for kind in ("keyDown", "keyUp")])

    def press(self, *names: str) -> None:
        """Press keys by their names, one after the other."""
        for name in names:
            self.type(KEYS[name])

    def fill(self, selector: str, text: str) -> None:
        """Go to a field, and put a text in place of what is there."""
        self.click(selector)
        self.run("(selector) => document.querySelector(selector).select()", selector)
        self.type(text)

    def say(self, text: str) -> None:
        """Write a message and press Enter."""
        self.fill("#composer", text)
        self.press("Enter")

    def is_online(self, timeout: float = PATIENCE_S) -> None:
        """Wait until the page has its connection."""
        self.has_state("online", timeout)

    def has_state(self, state: str, timeout: float = PATIENCE_S) -> None:
        """Wait until the page's connection is online, offline or connecting."""
        self.wait_for("(state) => document.getElementById('status')?.dataset.state === state", state, timeout=timeout)

    def shows(self, *texts: str, timeout: float = PATIENCE_S) -> None:
        """Wait until the room's messages are stored, and are these."""
        try:
            self.wait_for(
                """(...texts) => {
                    const articles = [...document.querySelectorAll("#log article.message")];
                    const body = (article) => {
                        const copy = article.querySelector(".body").cloneNode(true);
                        for (const mark of copy.querySelectorAll(".edited")) mark.remove();
                        return copy.textContent.trim();
                    };
                    return articles.every((article) => article.dataset.id && !article.matches(".pending, .failed"))
                        && JSON.stringify(articles.map(body)) === JSON.stringify(texts);
                }""",
                *texts,
                timeout=timeout,
            )
        except TimeoutError as error:
            raise AssertionError(
                f"not {texts} but {self.run('() => document.getElementById(`log`).innerText')}"
            ) from error

    def do(self, text: str, action: str) -> None:
        """Press a button of a message's toolbar."""
        self.hover("#log article .body", text)
        self.click(f'#log article .actions [data-action="{action}"]')

    def rest(self, seconds: float) -> None:
        """Do nothing for a while."""
        time.sleep(seconds)
