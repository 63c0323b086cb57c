"""Posts per second of a whole worker of a large site, with documents and without, in turns.

`python -m bench.searching.posts` is a worker that writes no documents.
"""

from ..generator import Generator
from ..measure import Sample, run
from ..parley import OPTIONS, Site
from ..processes import Process
from .filling import POSTING

IN_FLIGHT = POSTING
SECONDS, WARM_UP_S = 5, 1
TURNS = 3


def measure(site: Site) -> dict[str, list[Sample]]:
    """Runs `with` documents and `without`. POSTING people of one room post, with as many messages in flight."""
    samples: dict[str, list[Sample]] = {"without": [], "with": []}
    for _turn in range(TURNS):
        for name, runs in samples.items():
            with _worker(site, name) as server, Generator() as load:
                load.plan(site.clients(POSTING), server.port, **OPTIONS)
                load.connect(POSTING)
                load.hold(1)
                run(server, load, window=IN_FLIGHT, senders=POSTING, seconds=WARM_UP_S)
                runs.append(run(server, load, window=IN_FLIGHT, senders=POSTING, seconds=SECONDS))
    return samples


def _worker(site: Site, name: str) -> Process:
    worker = site.worker()
    if name == "without":
        worker.command[-1] = "bench.searching.posts"
    return worker


if __name__ == "__main__":
    # First: it chooses the event loop.
    import django

    from project import server as program

    django.setup()
    from chat.domain.search import documents

    # The insert of a message without a document is one of its own statements: nothing else changes.
    documents.of_new = lambda message: None  # type: ignore[assignment, return-value]
    program.main([])
