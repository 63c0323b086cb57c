"""Line 4: the delay from sending a message to its last delivery among 1,000 receivers, at a constant rate."""

from ..generator import Generator
from ..measure import Sample, run
from ..parley import OPTIONS, Site
from ..peers import roster
from ..report import PARLEY, Line
from ..scale import Scale

RATE = 20
P50_MS, P99_MS = 20, 60
SENDERS = 50


def measure(site: Site, peers: list[roster.Peer], redis_url: str, scale: Scale) -> Line:
    """20 messages per second, timed from the moment each was due. Without the tutorial: it cannot keep that rate."""
    line = Line(
        f"Delay from send to the last of 1,000 receivers, {RATE} messages/s, {scale.delay_s:.0f} s",
        f"p50 ≤ {P50_MS} ms, p99 ≤ {P99_MS} ms",
    )
    with site.worker() as server, Generator() as load:
        load.plan(site.clients(scale.watchers), server.port, **OPTIONS)
        load.connect(scale.watchers)
        load.hold(1.5)
        sample = run(server, load, rate=RATE, senders=SENDERS, seconds=scale.delay_s)
    _note(line, PARLEY, sample)
    delays = sample.counts.get("to_last_ms", {"p50": float("inf"), "p99": float("inf")})
    line.check(f"p50 {delays['p50']:.1f} ms", delays["p50"] <= P50_MS)
    line.check(f"p99 {delays['p99']:.1f} ms", delays["p99"] <= P99_MS)
    line.problems += sample.problems()
    for peer in peers:
        if peer is roster.TUTORIAL:
            continue
        with peer.process(redis_url) as server, Generator() as load:
            load.plan([peer.client] * scale.watchers, server.port, **peer.options)
            load.connect(scale.watchers)
            _note(line, peer.title, run(server, load, rate=RATE, senders=SENDERS, seconds=scale.peer_delay_s))
    return line


def _note(line: Line, who: str, sample: Sample) -> None:
    last, each = sample.counts.get("to_last_ms"), sample.counts.get("to_each_ms")
    if not last:
        line.figure(who, "no deliveries")
        return
    text = f"last p50 {last['p50']:.1f} ms, p99 {last['p99']:.1f} ms, max {last['max']:.0f} ms"
    text += f"; each p50 {each['p50']:.1f} ms; server {sample.server_share:.0%}"
    line.figure(who, text, to_last_ms=last, to_each_ms=each, to_reply_ms=sample.counts.get("to_reply_ms"))
