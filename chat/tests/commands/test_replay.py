"""`manage.py replay` posts a conversation to a running site."""

import json
import signal
import subprocess
import sys

import pytest

from chat.tests.services.environment import ROOT
from chat.tests.services.processes import wait_until

TALK = [
    {"at": "23:59", "who": "][Ann][", "text": "good evening"},
    {"at": "23:59", "who": "all", "text": "hi @bob"},
    {"at": "23:59", "who": "alice", "text": "I am not the Alice of this site"},
    {"at": "00:00", "who": "][Ann][", "text": "a new day"},
]
STORED = """
    from chat.models import Message
    messages = Message.objects.filter(room__slug=room).order_by("seq")
    result = list(messages.values_list("author__handle", "text"))
"""
SESSIONS = "from chat.models import Session\nresult = Session.objects.count()"


@pytest.fixture
def talk(tmp_path):
    """A file with a short conversation."""
    path = tmp_path / "talk.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in TALK))
    return path


def replay(site, *words, **options):
    return site.manage("replay", *map(str, words), "--url", site.ws_url, **options)


@pytest.mark.core
def test_a_conversation_is_posted_in_order_by_new_accounts(site, talk):
    room, sessions = site.add_room(), site.python(SESSIONS)
    run = replay(site, talk, "--room", room, "--speed", 1000)
    assert "4 of 4 lines acknowledged, 3 of 3 people" in run.stdout
    assert site.python(STORED, room=room) == [
        ["__Ann__", "good evening"],
        ["all-replay2", "hi @bob"],
        ["alice-replay2", "I am not the Alice of this site"],
        ["__Ann__", "a new day"],
    ]
    assert site.python(SESSIONS) == sessions


def test_a_second_replay_uses_the_same_accounts(site, talk):
    room = site.add_room()
    for _ in range(2):
        replay(site, talk, "--room", room, "--speed", 0)
    assert len(site.python(STORED, room=room)) == 8
    assert len({author for author, _text in site.python(STORED, room=room)}) == 3


def test_a_generated_conversation_needs_no_file(site):
    room = site.add_room(kind="private")
    run = replay(site, "--generate", 60, "--seed", 3, "--room", room, "--speed", 0)
    assert "60 of 60 lines acknowledged" in run.stdout
    assert len(site.python(STORED, room=room)) == 60


def test_a_replay_waits_after_the_error_slow_down(make_site, talk):
    site = make_site(CHAT_POST_RATE=20, CHAT_POST_BURST=1)
    replay(site, talk, "--room", "tea", "--speed", 0)
    assert len(site.python(STORED, room="tea")) == 4


def test_a_replay_continues_after_a_restart_and_posts_nothing_twice(fresh_site):
    site, [worker] = fresh_site, fresh_site.workers
    command = [sys.executable, ROOT / "manage.py", "replay", "--generate", "300", "--room", "tea", "--speed", "0"]
    with subprocess.Popen(
        [*command, "--url", site.ws_url], env=site.env, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as replaying:
        wait_until(lambda: len(site.python(STORED, room="tea")) > 50)
        worker.signal(signal.SIGKILL)
        worker.wait()
        worker.start()
        output, _errors = replaying.communicate(timeout=120)
    assert replaying.returncode == 0
    assert "300 of 300 lines acknowledged" in output
    assert len(site.python(STORED, room="tea")) == 300


def fails(site, *words, **variables):
    run = replay(site, *words, check=False, **variables)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    return run.stderr


def test_each_error_is_reported(site, talk, tmp_path):
    assert "No such file" in fails(site, tmp_path / "none.jsonl", "--room", "tea")
    assert "There is no room “nowhere”." in fails(site, talk, "--room", "nowhere")
    assert "Name a FILE, or give --generate LINES." in fails(site, "--room", "tea")
    assert "--speed is 0 or more" in fails(site, talk, "--room", "tea", "--speed", -1)
    talk.write_text('{"at": "09:30"}\n')
    assert "line 1: " in fails(site, talk, "--room", "tea")


def test_a_stopped_site_is_reported_as_unreachable(new_site, talk):
    output = fails(new_site(), talk, "--room", "tea")
    assert "The site cannot be reached: ws://127.0.0.1:" in output


def test_the_error_names_a_line_that_the_site_refuses(site, talk):
    room = site.add_room("closed")
    site.python(
        "from chat.domain import rooms\nfrom chat.models import Room\nrooms.archive(room=Room.objects.get(slug=room))",
        room=room,
    )
    assert "line 1, by ][Ann][: This room is archived" in fails(site, talk, "--room", room)


def test_replay_against_a_site_with_another_database_fails_and_posts_nothing(site, new_site, talk):
    """The site at --url does not know the sessions, so guests would post the lines in its lobby."""
    other = new_site()
    try:
        before = len(site.python(STORED, room="lobby"))
        run = other.manage("replay", str(talk), "--room", "lobby", "--url", site.ws_url, "--speed", "0", check=False)
        assert run.returncode == 1
        assert "as a guest" in run.stderr
        assert "--url" in run.stderr
        assert len(run.stderr.splitlines()) == 1
        assert len(site.python(STORED, room="lobby")) == before
    finally:
        other.stop()
