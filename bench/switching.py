"""The time from a click on a room in the list until its messages are painted, in Chromium: `python -m bench switch`.

Of each room the first visit and later ones, and for comparison a load of the room's page. The site is one worker on
SQLite on one core; the browser has the other one. The CPU time is that of the page's main thread: other work on the
machine hardly changes it.
"""

import shutil
import tempfile
from datetime import date
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import CDPSession, Page, sync_playwright

from . import machine
from .parley import Site

Taken = tuple[float, float]
"""Milliseconds from the click until the paint, and of CPU."""
PEOPLE = 20
VISITS = 5
"""How often each room is visited again."""
NEW_LIMIT_MS = 150
SEEN_LIMIT_MS = 50
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
# Resolves after the frame in which the room has messages was painted: a task that a frame's callback posts runs then.
SWITCH = """
(room) => new Promise((resolve) => {
    const link = document.querySelector(`#rooms a[data-room="${room}"]`);
    // As the press of a mouse button does, before the click.
    link.focus();
    const began = performance.now();
    const painted = () => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now() - began);
        channel.port2.postMessage(null);
    };
    // A callback of a frame runs before it is painted.
    const check = () => requestAnimationFrame(() => {
        const isDrawn = document.querySelector(`.room[data-room="${room}"] article.message`);
        isDrawn ? painted() : check();
    });
    link.click();
    check();
})
"""
LOADED = """
() => new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => {
        const [paint] = list.getEntriesByName("first-contentful-paint");
        if (paint) resolve(paint.startTime);
    });
    observer.observe({ type: "paint", buffered: true });
})
"""


def run(quick: bool) -> None:
    """Measure and print the table."""
    print(f"{date.today()}, {machine.describe()}\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        site = Site(f"sqlite:///{folder}/bench.sqlite3", "", PEOPLE, Path(folder))
        with site.worker() as worker, sync_playwright() as playwright:
            program = next(filter(None, map(shutil.which, PROGRAMS)))
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            url = f"http://127.0.0.1:{worker.port}"
            context = browser.new_context(viewport={"width": 1280, "height": 800})
            context.add_cookies([{"name": "sessionid", "value": site.data["sessions"][1], "url": url}])
            times = _measure(context.new_page(), url, site.data["rooms"], 2 if quick else VISITS)
            browser.close()
    print("| from a click until the messages are painted | median | 95 % are below | most | CPU, median | target |")
    print("|---|---|---|---|---|---|")
    for name, (taken, limit) in times.items():
        figures = [milliseconds for milliseconds, _ in taken]
        cpu = f"{median(cpu for _, cpu in taken):.0f} ms"
        most = quantiles(figures, n=20)[-1]
        target = "" if limit is None else f"≤ {limit} ms: {'met' if median(figures) <= limit else '**not met**'}"
        print(f"| {name} | {median(figures):.0f} ms | {most:.0f} ms | {max(figures):.0f} ms | {cpu} | {target} |")


def _measure(page: Page, url: str, rooms: list[str], visits: int) -> dict[str, tuple[list[Taken], int | None]]:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(f"{url}/rooms/{rooms[0]}/")
    page.wait_for_selector('#status[data-state="online"]', state="attached")
    page.wait_for_timeout(1000)
    new = [_switch(page, devtools, room) for room in rooms[1:]]
    seen = [_switch(page, devtools, room) for _ in range(visits) for room in rooms]
    loads = []
    for room in rooms:
        page.goto(f"{url}/rooms/{room}/")
        loads.append((page.evaluate(LOADED), _cpu_ms(devtools)))
    return {
        "a room for the first time": (new, NEW_LIMIT_MS),
        "a room seen before": (seen, SEEN_LIMIT_MS),
        "for comparison: a load of the room's page": (loads, None),
    }


def _switch(page: Page, devtools: CDPSession, room: str) -> Taken:
    before = _cpu_ms(devtools)
    took = page.evaluate(SWITCH, room), _cpu_ms(devtools) - before
    # Longer than SETTLE_MS of shell.js: each room is asked for at once, as by a person.
    page.wait_for_timeout(250)
    return took


def _cpu_ms(devtools: CDPSession) -> float:
    """The CPU time of the page's main thread, since the page was loaded."""
    metrics = {metric["name"]: metric["value"] for metric in devtools.send("Performance.getMetrics")["metrics"]}
    return metrics["TaskDuration"] * 1000
