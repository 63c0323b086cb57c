"""Lines 1 to 3: CPU per delivery, deliveries per second, complete messages per second, in one room."""

from contextlib import ExitStack

from ..generator import Generator
from ..measure import Sample, middle, run
from ..parley import OPTIONS, Site
from ..peers import roster
from ..report import Line, spread
from ..scale import Scale

ALONE, WHOLE = "Parley, fan-out alone", "Parley, whole"
ONE, MANY = 1, 16
WARM_UP_S = 1
"""Node compiles what it runs often; nobody is measured before that is done."""
Samples = dict[tuple[str, int], list[Sample]]


def measure(site: Site, peers: list[roster.Peer], redis_url: str, scale: Scale) -> Samples:
    """Runs by contender and messages in flight. Each round starts each contender anew, one after the other."""
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
                note(WHOLE, window, run(server, load, window=window, senders=window, seconds=scale.run_s))
            # After the whole: it numbers on from the room's head, and what it says is not in the database.
            injector = stack.enter_context(site.injector())
            for window in (ONE, MANY):
                note(ALONE, window, run(server, load, window=window, injector=injector, seconds=scale.run_s))
    return samples


def _complain(line: Line, samples: Samples, window: int) -> None:
    # A peer that falters is shown as it is; our own figure must be sound.
    for who in (ALONE, WHOLE):
        for sample in samples[who, window]:
            line.complaints += [f"{who}: {complaint}" for complaint in sample.complaints()]


def _shares(samples: list[Sample]) -> str:
    return f"server {middle(samples, 'server_share'):.0%}, load {max(s.counts['cpu_share'] for s in samples):.0%}"


def cost(samples: Samples, peers: list[roster.Peer]) -> Line:
    """CPU per delivery, one message at a time, against Socket.IO and the tutorial."""
    line = Line(
        "Server CPU per delivery, one message at a time, 1,000 watchers",
        "fan-out alone and whole: ≤ Socket.IO's; ≤ 1/20 of the tutorial's",
    )
    for who in (ALONE, WHOLE, *(peer.title for peer in peers)):
        runs = samples[who, ONE]
        figures = [sample.us_per_delivery for sample in runs]
        line.figure(who, f"{spread(figures)} µs ({_shares(runs)})", us_per_delivery=figures)
    for who in (ALONE, WHOLE):
        ours = middle(samples[who, ONE], "us_per_delivery")
        for peer, part in ((roster.SOCKET_IO, 1), (roster.TUTORIAL, 20)):
            if (peer.title, ONE) in samples:
                theirs = middle(samples[peer.title, ONE], "us_per_delivery")
                share = f"{ours / theirs:.2f} of" if part == 1 else f"1/{theirs / ours:.1f} of"
                line.check(f"{who}: {share} {peer.title}", ours <= theirs / part)
    if (roster.SOCKET_IO.title, ONE) not in samples:
        line.complaints.append("Node or npm is missing, so Socket.IO was not measured")
    _complain(line, samples, ONE)
    return line


def throughput(samples: Samples, peers: list[roster.Peer]) -> Line:
    """Deliveries per second with 16 messages in flight, against Socket.IO."""
    line = Line("Deliveries/s with 16 messages in flight, 1,000 watchers", "≥ 2 × Socket.IO's")
    for who in (ALONE, WHOLE, *(peer.title for peer in peers)):
        runs = samples[who, MANY]
        figures = [sample.deliveries_s for sample in runs]
        cpu = middle(runs, "us_per_delivery")
        line.figure(who, f"{spread(figures, 0)}/s, {cpu:.1f} µs each ({_shares(runs)})", deliveries_s=figures)
    for who in (ALONE, WHOLE):
        if (roster.SOCKET_IO.title, MANY) in samples:
            ratio = middle(samples[who, MANY], "deliveries_s") / middle(
                samples[roster.SOCKET_IO.title, MANY], "deliveries_s"
            )
            line.check(f"{who}: {ratio:.2f} × Socket.IO", ratio >= 2)
    if (roster.SOCKET_IO.title, MANY) not in samples:
        line.complaints.append("Node or npm is missing, so Socket.IO was not measured")
    _complain(line, samples, MANY)
    return line


def complete(samples: Samples, peers: list[roster.Peer]) -> Line:
    """Messages per second that are stored, and that each of 1,000 people has."""
    line = Line("Complete messages/s to 1,000 people, each stored in PostgreSQL, on one core", "≥ 200")
    for who in (WHOLE, *(peer.title for peer in peers)):
        figures = [sample.messages_s for sample in samples[who, MANY]]
        stored = "" if who == WHOLE else " (stores nothing)"
        line.figure(who, f"{spread(figures, 0)}/s{stored}", messages_s=figures)
    ours = middle(samples[WHOLE, MANY], "messages_s")
    line.check(f"{ours:.0f}/s", ours >= 200)
    line.complaints = [
        f"{sample.counts['sent'] - sample.counts['replies']} posts without an answer"
        for sample in samples[WHOLE, MANY]
        if sample.counts["sent"] != sample.counts["replies"]
    ]
    for sample in samples[WHOLE, MANY]:
        line.complaints += sample.complaints()
    return line
