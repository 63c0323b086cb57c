"""Lines 1 to 3: CPU per delivery, deliveries per second, complete messages per second, in one room."""

from contextlib import ExitStack

from ..generator import Generator
from ..measure import Sample, median_of, run
from ..parley import OPTIONS, Site
from ..peers import roster
from ..report import Line, format_median
from ..scale import Scale

FANOUT_ONLY, COMPLETE = "Parley, fan-out only", "Parley, complete"
ONE, MANY = 1, 16
WARM_UP_S = 1
"""Node compiles hot code while it runs. Measurements start after that."""
Samples = dict[tuple[str, int], list[Sample]]


def measure(site: Site, peers: list[roster.Peer], redis_url: str, scale: Scale) -> Samples:
    """Runs by contender and number of messages in flight. Each round restarts all contenders, one after the other."""
    samples: Samples = {}

    def note(who: str, window: int, sample: Sample) -> None:
        samples.setdefault((who, window), []).append(sample)

    for _round in range(scale.rounds):
        for peer in peers:
            with peer.process(redis_url) as server, Generator() as load:
                load.plan([peer.client] * scale.watchers, server.port, **peer.options)
                load.connect(scale.watchers)
                run(server, load, seconds=WARM_UP_S)
                for window in (ONE, MANY):
                    note(peer.title, window, run(server, load, window=window, senders=window, seconds=scale.run_s))
        with ExitStack() as stack:
            server, load = stack.enter_context(site.worker()), stack.enter_context(Generator())
            load.plan(site.clients(scale.watchers), server.port, **OPTIONS)
            load.connect(scale.watchers)
            load.hold(1.5)
            run(server, load, seconds=WARM_UP_S)
            for window in (ONE, MANY):
                note(COMPLETE, window, run(server, load, window=window, senders=window, seconds=scale.run_s))
            # Last: the injector uses versions after the head of the room that are not in the database.
            injector = stack.enter_context(site.injector())
            for window in (ONE, MANY):
                note(FANOUT_ONLY, window, run(server, load, window=window, injector=injector, seconds=scale.run_s))
    return samples


def _note_problems(line: Line, samples: Samples, window: int) -> None:
    # Problems of a peer only show in its figures. Problems of Parley make the line invalid.
    for who in (FANOUT_ONLY, COMPLETE):
        for sample in samples[who, window]:
            line.problems += [f"{who}: {problem}" for problem in sample.problems()]


def _shares(samples: list[Sample]) -> str:
    return f"server {median_of(samples, 'server_share'):.0%}, load {max(s.counts['cpu_share'] for s in samples):.0%}"


def cost(samples: Samples, peers: list[roster.Peer]) -> Line:
    """CPU per delivery, one message at a time, compared with Socket.IO and the tutorial."""
    line = Line(
        "Server CPU per delivery, one message at a time, 1,000 watchers",
        "fan-out only and complete: ≤ Socket.IO's; ≤ 1/20 of the tutorial's",
    )
    for who in (FANOUT_ONLY, COMPLETE, *(peer.title for peer in peers)):
        runs = samples[who, ONE]
        figures = [sample.us_per_delivery for sample in runs]
        line.figure(who, f"{format_median(figures)} µs ({_shares(runs)})", us_per_delivery=figures)
    for who in (FANOUT_ONLY, COMPLETE):
        ours = median_of(samples[who, ONE], "us_per_delivery")
        for peer, part in ((roster.SOCKET_IO, 1), (roster.TUTORIAL, 20)):
            if (peer.title, ONE) in samples:
                theirs = median_of(samples[peer.title, ONE], "us_per_delivery")
                share = f"{ours / theirs:.2f} of" if part == 1 else f"1/{theirs / ours:.1f} of"
                line.check(f"{who}: {share} {peer.title}", ours <= theirs / part)
    if (roster.SOCKET_IO.title, ONE) not in samples:
        line.problems.append("Node or npm is missing, so Socket.IO was not measured")
    _note_problems(line, samples, ONE)
    return line


def throughput(samples: Samples, peers: list[roster.Peer]) -> Line:
    """Deliveries per second with 16 messages in flight, compared with Socket.IO."""
    line = Line("Deliveries/s with 16 messages in flight, 1,000 watchers", "≥ 2 × Socket.IO's")
    for who in (FANOUT_ONLY, COMPLETE, *(peer.title for peer in peers)):
        runs = samples[who, MANY]
        figures = [sample.deliveries_s for sample in runs]
        cpu = median_of(runs, "us_per_delivery")
        line.figure(who, f"{format_median(figures, 0)}/s, {cpu:.1f} µs each ({_shares(runs)})", deliveries_s=figures)
    for who in (FANOUT_ONLY, COMPLETE):
        if (roster.SOCKET_IO.title, MANY) in samples:
            ratio = median_of(samples[who, MANY], "deliveries_s") / median_of(
                samples[roster.SOCKET_IO.title, MANY], "deliveries_s"
            )
            line.check(f"{who}: {ratio:.2f} × Socket.IO", ratio >= 2)
    if (roster.SOCKET_IO.title, MANY) not in samples:
        line.problems.append("Node or npm is missing, so Socket.IO was not measured")
    _note_problems(line, samples, MANY)
    return line


def complete(samples: Samples, peers: list[roster.Peer]) -> Line:
    """Messages per second that are stored and delivered to all of 1,000 people."""
    line = Line("Complete messages/s to 1,000 people, each stored in PostgreSQL, on one core", "≥ 200")
    for who in (COMPLETE, *(peer.title for peer in peers)):
        figures = [sample.messages_s for sample in samples[who, MANY]]
        stored = "" if who == COMPLETE else " (stores nothing)"
        line.figure(who, f"{format_median(figures, 0)}/s{stored}", messages_s=figures)
    ours = median_of(samples[COMPLETE, MANY], "messages_s")
    line.check(f"{ours:.0f}/s", ours >= 200)
    line.problems = [
        f"{sample.counts['sent'] - sample.counts['replies']} posts without a reply"
        for sample in samples[COMPLETE, MANY]
        if sample.counts["sent"] != sample.counts["replies"]
    ]
    for sample in samples[COMPLETE, MANY]:
        line.problems += sample.problems()
    return line
