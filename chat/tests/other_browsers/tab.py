"""A tab of any browser, with what a person does in it by mouse and keyboard."""

import json
import time

from chat.tests.services import wait_until

PATIENCE_S = 90
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "ArrowUp": "\ue013", "Home": "\ue011", "Control": "\ue009"}
"""Code points of keys: https://www.w3.org/TR/webdriver2/#keyboard-actions"""
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
# A click where an element was before the page moved would meet another one. A hidden tab draws no frames: no
# requestAnimationFrame.
STEADY_CENTRE = f"""
async (...given) => {{
    const before = ({CENTRE})(...given);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const after = ({CENTRE})(...given);
    return after && JSON.stringify(before) === JSON.stringify(after) ? after : null;
}}
"""


IN_BAR = {"react", "reply", "edit", "save"}
"""Actions with a button of their own in the toolbar of a message."""


class Tab:
    """A subclass has `goto`, `reload`, `back`, `set_cookie`, `activate`, `close`, `act`, `call` (a function on text).

    `act` takes actions of an input source, which WebDriver and BiDi write the same way.
    """

    def run(self, function: str, *arguments):
        """Call a JavaScript function in the page, and wait for its promise. All values must be JSON values."""
        wrapped = f"async (json) => JSON.stringify((await ({function})(...JSON.parse(json))) ?? null)"
        return json.loads(self.call(wrapped, json.dumps(arguments)))

    def wait_for(self, function: str, *arguments, timeout: float = PATIENCE_S):
        """Call a JavaScript function until its result is true. Returns the result."""
        return wait_until(lambda: self.run(function, *arguments), f"{function} {arguments}", timeout)

    def expect_visible(self, selector: str, text: str = "", timeout: float = PATIENCE_S) -> None:
        """Wait until an element that the selector finds is shown and contains this text."""
        self.wait_for(f"(...given) => ({CENTRE})(...given) !== null", selector, text, timeout=timeout)

    def expect_hidden(self, selector: str, text: str = "") -> None:
        """Wait until no element that the selector finds is shown and contains this text."""
        self.wait_for(f"(...given) => ({CENTRE})(...given) === null", selector, text)

    def click(self, selector: str, text: str = "") -> None:
        """Wait for the first shown element with this text, and click its centre."""
        x, y = self.wait_for(STEADY_CENTRE, selector, text)
        move = {"type": "pointerMove", "x": x, "y": y, "origin": "viewport"}
        press = [{"type": "pointerDown", "button": 0}, {"type": "pause", "duration": PRESSED_MS}]
        self.act("pointer", [move, *press, {"type": "pointerUp", "button": 0}])

    def hover(self, selector: str, text: str = "") -> None:
        """Wait for the first shown element with this text, and move the mouse over it."""
        x, y = self.wait_for(STEADY_CENTRE, selector, text)
        for step in (1, 0):
            self.act("pointer", [{"type": "pointerMove", "x": x + step, "y": y, "origin": "viewport"}])

    def type(self, text: str) -> None:
        """Type a text into the element that has the focus."""
        for character in text:
            self.act("key", [{"type": kind, "value": character} for kind in ("keyDown", "keyUp")])

    def press(self, *names: str) -> None:
        """Press keys by their names (KEYS), one after the other."""
        for name in names:
            self.type(KEYS[name])

    def fill(self, selector: str, text: str) -> None:
        """Replace the text of a field."""
        self.click(selector)
        self.run("(selector) => document.querySelector(selector).select()", selector)
        self.type(text)

    def send(self, text: str) -> None:
        """Write a message and press Enter."""
        self.fill("#composer", text)
        self.press("Enter")

    def wait_until_online(self, timeout: float = PATIENCE_S) -> None:
        """Wait until the page has its connection."""
        self.wait_for_state("online", timeout)

    def wait_for_state(self, state: str, timeout: float = PATIENCE_S) -> None:
        """Wait until the page's connection is online, offline or connecting."""
        self.wait_for("(state) => document.getElementById('status')?.dataset.state === state", state, timeout=timeout)

    def expect_messages(self, *texts: str, timeout: float = PATIENCE_S) -> None:
        """Wait until the page shows exactly these messages, all stored."""
        try:
            self.wait_for(
                """(...texts) => {
                    const articles = [...document.querySelectorAll(".log article.message")];
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
                f"not {texts} but {self.run('() => document.querySelector(`.log`).innerText')}"
            ) from error

    def choose_action(self, text: str, action: str) -> None:
        """Press a button of a message's toolbar, or of its menu."""
        self.hover(".log article .body", text)
        if action not in IN_BAR:
            self.click(".log article .actions [data-more]")
            return self.click(f'#message-menu [data-action="{action}"]')
        return self.click(f'.log article .actions [data-action="{action}"]')

    def pause(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
