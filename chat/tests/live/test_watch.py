"""One room's watchers, and what waits for those who are about to watch."""

from chat.live.connection import EXTENSION, Connection
from chat.live.frames import Frame
from chat.live.watch import Watch
from chat.tests.live.wires import Wire


def socket() -> Connection:
    return Connection({"extensions": {EXTENSION: Wire()}}, None)


def say(watch: Watch, number: int) -> None:
    watch.add(Frame(f'{{"n":{number}}}'))


def heard(connection: Connection) -> list[int]:
    return [frame["n"] for frame in connection.wire.frames]


def test_who_opens_is_held_back_until_ready():
    watch, hers, his = Watch("harbour"), socket(), socket()
    watch.begin(hers)
    watch.ready(hers)
    watch.begin(his)
    say(watch, 1)
    watch.flush()
    assert (heard(hers), heard(his)) == ([1], [])
    watch.ready(his)
    say(watch, 2)
    watch.flush()
    assert (heard(hers), heard(his)) == ([1, 2], [1, 2])


def test_who_opens_again_is_held_back_again():
    watch, hers = Watch("harbour"), socket()
    watch.begin(hers)
    watch.ready(hers)
    watch.begin(hers)
    say(watch, 1)
    watch.flush()
    assert heard(hers) == []
    watch.ready(hers)
    assert heard(hers) == [1]


def test_who_went_gets_nothing_and_a_watch_without_watchers_is_false():
    watch, hers = Watch("harbour"), socket()
    assert not watch
    watch.begin(hers)
    assert watch
    assert hers in watch
    assert list(watch) == [hers]
    say(watch, 1)
    watch.discard(hers)
    watch.flush()
    watch.flush()
    assert heard(hers) == []
    assert not watch
    assert hers not in watch


def test_what_is_news_of_the_room_itself():
    watch = Watch("harbour")
    assert watch.is_news(3)
    assert not watch.is_news(2)
    assert not watch.is_news(3)
    watch.continuity.start(7)
    assert not watch.is_news(6)
    assert watch.is_news(8)
