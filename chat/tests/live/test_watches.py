"""The watchers of one room, and the frames that wait for those who are opening it."""

from chat.live.connection import EXTENSION, Connection
from chat.live.frames import Frame
from chat.live.watches import Watch
from chat.tests.live.fake_sockets import FakeSocket


def socket() -> Connection:
    return Connection({"extensions": {EXTENSION: FakeSocket()}}, None)


def queue(watch: Watch, number: int) -> None:
    watch.add(Frame(f'{{"n":{number}}}'))


def versions_received(connection: Connection) -> list[int]:
    return [frame["n"] for frame in connection.socket.frames]


def test_a_connection_that_opens_gets_frames_after_ready():
    watch, hers, his = Watch("harbour"), socket(), socket()
    watch.begin(hers)
    watch.ready(hers)
    watch.begin(his)
    queue(watch, 1)
    watch.flush()
    assert (versions_received(hers), versions_received(his)) == ([1], [])
    watch.ready(his)
    queue(watch, 2)
    watch.flush()
    assert (versions_received(hers), versions_received(his)) == ([1, 2], [1, 2])


def test_a_connection_that_opens_again_waits_again():
    watch, hers = Watch("harbour"), socket()
    watch.begin(hers)
    watch.ready(hers)
    watch.begin(hers)
    queue(watch, 1)
    watch.flush()
    assert versions_received(hers) == []
    watch.ready(hers)
    assert versions_received(hers) == [1]


def test_a_discarded_connection_gets_nothing_and_an_empty_watch_is_false():
    watch, hers = Watch("harbour"), socket()
    assert not watch
    watch.begin(hers)
    assert watch
    assert hers in watch
    assert list(watch) == [hers]
    queue(watch, 1)
    watch.discard(hers)
    watch.flush()
    watch.flush()
    assert versions_received(hers) == []
    assert not watch
    assert hers not in watch


def test_a_change_of_the_room_itself_is_new_once():
    watch = Watch("harbour")
    assert watch.is_news(3)
    assert not watch.is_news(2)
    assert not watch.is_news(3)
    watch.continuity.start(7)
    assert not watch.is_news(6)
    assert watch.is_news(8)
