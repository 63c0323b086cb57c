"""Line 9: requests per second of the room page and of an empty Django view, on this server and on stock Daphne."""

from statistics import median

from ..generator import Generator
from ..parley import Site
from ..people import ROOMS
from ..report import Line, format_median
from ..scale import Scale

AT_ONCE = 8
LEAST_SHARE = 0.4


def measure(site: Site, scale: Scale) -> Line:
    """Requests per second on kept-alive connections, signed in, all with Parley's middleware."""
    line = Line(
        f"Room page, signed in, 50 messages, {ROOMS} rooms: requests/s",
        f"≥ {LEAST_SHARE:.0%} of an empty Django view's on the same server",
    )
    empty = "/bench-empty/"
    rates: dict[str, list[float]] = {}
    sizes = {}
    with site.worker() as server, site.stock() as stock:
        pages = {
            "empty view": (server, empty),
            "room page": (server, f"/rooms/{site.data['rooms'][0]}/"),
            "empty view, stock Daphne and Django's own handler": (stock, empty),
        }
        for _round in range(-1, scale.page_rounds):  # round -1 is a short warm-up
            for name, (process, path) in pages.items():
                with Generator() as load:
                    load.plan(site.readers(path, AT_ONCE), process.port)
                    counts = load.http(at_once=AT_ONCE, seconds=scale.page_s if _round >= 0 else 1)
                if counts["bad_status"] or not counts["responses"]:
                    line.problems.append(f"{name}: {counts['first_error'] or 'no response'}")
                if _round >= 0:
                    rates.setdefault(name, []).append(counts["responses"] / counts["seconds"])
                sizes[name] = counts["response_bytes"] / max(counts["responses"], 1)
    for name, figures in rates.items():
        line.figure(name, f"{format_median(figures, 0)}/s, {sizes[name] / 1024:.1f} KiB", requests_s=figures)
    share = median(rates["room page"]) / median(rates["empty view"])
    line.check(f"{share:.0%}", share >= LEAST_SHARE)
    return line
