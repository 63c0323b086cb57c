"""axe-core in a page: what keeps people from using it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SERIOUS = {"serious", "critical"}
# Colours are mixed while a sheet or dialog fades in.
FINISH_ANIMATIONS = """
() => {
    const isFinite = (one) => one.playState === "running" && one.effect?.getComputedTiming().endTime < Infinity;
    return Promise.allSettled(document.getAnimations().filter(isFinite).map((one) => one.finished)).then(() => null);
}
"""
ASK_AXE = """
async ({ context, options }) => {
    const { violations } = await axe.run(context ?? document, options);
    return violations.map(({ id, impact, nodes }) => [impact, `${id}: ${nodes[0].html}`]);
}
"""
OPTIONS = {
    # The arrow keys move to code in the timeline. Axe expects the Tab key.
    "rules": {"scrollable-region-focusable": {"enabled": False}},
    # Axe would also copy style sheets with an @import, as Django's admin has, into inline styles, which our
    # Content-Security-Policy blocks. Only a rule that is off reads these copies: css-orientation-lock.
    "preload": {"assets": ["media"]},
    # Selectors of all that is right take most of the time.
    "resultTypes": ["violations"],
    "elementRef": False,
}
CONTRAST_ONLY = OPTIONS | {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "rules": {}}
PLANT_FAULTS = """
() => {
    const faint = Object.assign(document.createElement("p"), { textContent: "faint" });
    Object.assign(faint.style, { color: "#777", background: "#888" });
    const picture = Object.assign(document.createElement("img"), { src: "/static/chat/icon.svg" });
    document.querySelector("main").append(faint, picture);
}
"""
"""Adds a text of low contrast and a picture without a description."""


def violations(page: Page, *, context: dict | None = None, contrast_only: bool = False) -> list[str]:
    """The serious and critical violations that axe finds on the page, or in what `context` includes."""
    page.evaluate(FINISH_ANIMATIONS)
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    options = CONTRAST_ONLY if contrast_only else OPTIONS
    found = page.evaluate(ASK_AXE, {"context": context, "options": options})
    return [text for impact, text in found if impact in SERIOUS]


def violations_light_and_dark(page: Page, **options) -> list[str]:
    """The violations in light colours, and those that dark colours add. The page shows light ones afterwards."""
    page.emulate_media(color_scheme="light")
    found = violations(page, **options)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {text}" for text in violations(page, contrast_only=True, **options)]
    page.emulate_media(color_scheme="light")
    return found
