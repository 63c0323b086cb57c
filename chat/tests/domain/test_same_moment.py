"""Several people at the same moment: on a real SQLite file, and on a real PostgreSQL, from threads of one process."""

import pytest

from chat.tests.services.inside import Inside

TOGETHER = """
    import threading
    from datetime import timedelta
    from django.contrib.auth import get_user_model
    from django.db import connections
    from django.utils import timezone
    from chat.domain import accounts, invites, rooms, sites, throttle
    from chat.domain.errors import Refused
    from chat.models import Invite, Membership, Room, Site

    WORDS = "a long walk along the pier"

    def together(*tasks):
        barrier, answers = threading.Barrier(len(tasks)), [None] * len(tasks)

        def run(number, task):
            try:
                barrier.wait()
                answers[number] = task() and "done"
            except Refused as refused:
                answers[number] = refused.code
            except Exception as error:
                answers[number] = repr(error)
            finally:
                for connection in connections.all():
                    connection.close()

        threads = [threading.Thread(target=run, args=pair) for pair in enumerate(tasks)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def together(request, new_site):
    """Function that runs code in the process of a site that is not set up yet; `together(*tasks)` is defined there."""
    site = new_site(peopled=False, postgres=request.param == "postgresql")
    yield lambda code: site.python(TOGETHER + code)
    site.stop()


def test_one_of_eight_sets_the_site_up(together):
    answers, admins, lobbies, owners = together("""
    token = sites.new_setup_token()
    def set_up(name):
        return lambda: sites.set_up(token=token, name=name, username=name, password=WORDS)
    answers = together(*[set_up(f"admin-{number}") for number in range(8)])
    result = [answers, get_user_model().objects.count(), Room.objects.count(), Membership.objects.count()]
    """)
    assert sorted(answers) == ["done"] + ["not_found"] * 7
    assert (admins, lobbies, owners) == (1, 1, 1)


def test_the_page_and_the_command_set_the_site_up_once(together):
    answers, admins = together("""
    token = sites.new_setup_token()
    page = lambda: sites.set_up(token=token, name="Page", username="page", password=WORDS)
    command = lambda: sites.set_up(token=None, name="Command", username="command", password=WORDS)
    result = [together(page, command, page, command), get_user_model().objects.count()]
    """)
    assert answers.count("done") == 1
    assert admins == 1


def test_the_last_use_of_an_invitation_lets_one_of_eight_in(together):
    answers, people, uses_left = together("""
    dora = sites.set_up(token=None, name="Harbour", username="dora", password=WORDS)
    room = rooms.create(slug="den", name="Den", kind="private", by=dora)
    _invite, token = invites.create(room=room, by=dora, expires_at=timezone.now() + timedelta(days=1), uses=1)
    def come(name):
        return lambda: accounts.accept_invite(token=token, username=name, password=WORDS)
    answers = together(*[come(f"newcomer-{number}") for number in range(8)])
    people = get_user_model().objects.filter(username__startswith="newcomer").count()
    result = [answers, people, Invite.objects.get().uses_left]
    """)
    assert sorted(answers) == ["done"] + ["not_found"] * 7
    assert (people, uses_left) == (1, 0)


def test_a_name_is_given_once_whatever_its_case(together):
    answers, people = together("""
    Site.current()
    def make(name):
        return lambda: accounts.create(username=name, password=WORDS)
    answers = together(*[make(name) for name in ("erin", "Erin", "ERIN", "eRiN")])
    result = [answers, get_user_model().objects.count()]
    """)
    assert sorted(answers) == ["done", "invalid", "invalid", "invalid"]
    assert people == 1


def test_two_processes_count_the_tries_of_an_address_together(new_site, tmp_path):
    site = new_site(redis=True)
    other = Inside(site.env, tmp_path / "other.log")
    code = """
    from chat.domain import throttle
    from chat.domain.errors import SlowDown
    # A clock that stands still, so that no minute ends in between.
    throttle.clock = lambda: 1_800_000_000.0
    result = 0
    for _ in range(times):
        try:
            throttle.take(throttle.SIGN_IN, "192.0.2.1")
            result += 1
        except SlowDown as slow:
            assert slow.retry_after > 0
    """
    try:
        assert site.python(code, times=6) == 6
        assert other.run(code, times=6) == 4
        assert site.python(code, times=6) == 0
    finally:
        other.stop()
        site.stop()
