"""Simultaneous verbs, in threads of one process, on a real SQLite file and a real PostgreSQL."""

import pytest

from chat.tests.services.site_shell import SiteShell

TOGETHER = """
    import threading
    from datetime import timedelta
    from django.contrib.auth import get_user_model
    from django.db import connections
    from django.utils import timezone
    from chat.domain import accounts, invites, rooms, sites, throttle
    from chat.domain.errors import DomainError
    from chat.models import Invite, Membership, Room, Site

    WORDS = "a long walk along the pier"

    def together(*tasks):
        barrier, answers = threading.Barrier(len(tasks)), [None] * len(tasks)

        def run(number, task):
            try:
                barrier.wait()
                answers[number] = task() and "done"
            except DomainError as refused:
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


REFUSALS = {"done", "forbidden", "not_found", "invalid"}
"""What a verb may answer that somebody else has just done; never an error of the database."""


@pytest.fixture(params=["sqlite", "postgresql"])
def together(request, new_site):
    """Function that runs code in the process of a site that is not set up yet; `together(*tasks)` is defined there."""
    site = new_site(with_users=False, postgres=request.param == "postgresql")
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


def test_the_last_use_of_an_invitation_works_for_one_of_eight(together):
    answers, people, uses_left = together("""
    dora = sites.set_up(token=None, name="Harbour", username="dora", password=WORDS)
    room = rooms.create(slug="den", name="Den", kind="private", by=dora)
    _invite, token = invites.create(room=room, by=dora, expires_at=timezone.now() + timedelta(days=1), uses=1)
    def come(name):
        return lambda: accounts.accept_invite(token=token, username=name, password=WORDS)
    answers = together(*[come(f"newcomer-{number}") for number in range(8)])
    people = get_user_model().objects.filter(handle__startswith="newcomer").count()
    result = [answers, people, Invite.objects.get().uses_left]
    """)
    assert sorted(answers) == ["done"] + ["not_found"] * 7
    assert (people, uses_left) == (1, 0)


def test_the_last_use_of_an_invitation_makes_one_of_eight_people_a_member(together):
    answers, members, uses_left, uses = together("""
    dora = sites.set_up(token=None, name="Harbour", username="dora", password=WORDS)
    room = rooms.create(slug="den", name="Den", kind="private", by=dora)
    invite, token = invites.create(room=room, by=dora, expires_at=timezone.now() + timedelta(days=1), uses=1)
    people = [accounts.create(username=f"sailor-{number}", password=WORDS) for number in range(8)]
    answers = together(*[lambda user=user: invites.use(token, user=user) for user in people])
    members = Membership.objects.filter(room=room).exclude(user=dora).count()
    result = [answers, members, Invite.objects.get().uses_left, invite.people.count()]
    """)
    assert sorted(answers) == ["done"] + ["not_found"] * 7
    assert (members, uses_left, uses) == (1, 0, 1)


def test_an_action_of_staff_that_is_sent_four_times_at_once_is_done_and_recorded_once(together):
    """Each request has fetched its objects before one of them has changed anything."""
    answers, recorded = together("""
    from chat.domain import account_bans, erasing, merging, messages, removals, room_deletion
    from chat.models import RecordedAction
    import uuid
    dora = sites.set_up(token=None, name="Harbour", username="dora", password=WORDS)
    made = (rooms.create(slug=f"den-{number}", name=f"Den {number}", by=dora) for number in range(4))
    to_archive, to_limit, to_delete, place = made
    names = ("erin", "fay", "gus", "hal", "ida", "jon")
    closed, banned, gone, first, second, loud = (accounts.create(username=name, password=WORDS) for name in names)
    for user in (gone, first, loud):
        rooms.join(room=place, user=user)
        messages.post(room=place.slug, author=user, body="Ahoy", client_id=uuid.uuid4())
    invite, _token = invites.create(room=place, by=dora, expires_at=timezone.now() + timedelta(days=1))
    acts = {
        "room.archive": lambda: rooms.archive(room=Room.objects.get(pk=to_archive.pk), by=dora),
        "room.change": lambda: rooms.change(room=Room.objects.get(pk=to_limit.pk), by=dora, who_posts="nobody"),
        "room.delete": lambda: room_deletion.begin(room=to_delete, name="Den 2", by=dora),
        "invite.revoke": lambda: invites.revoke(invite=invite, by=dora),
        "person.deactivate": lambda: accounts.deactivate(user=closed, by=dora),
        "person.ban": lambda: account_bans.ban(user=banned, by=dora, reason="Spam"),
        "person.delete": lambda: erasing.begin(user=gone, by=dora, words=False),
        "person.merge": lambda: merging.begin(user=first, into=second, by=dora, reason="Both are hers"),
        "words.remove": lambda: removals.begin(user=loud, hours=1, by=dora),
    }
    answers = {verb: [one for one in together(act, act, act, act) if one] for verb, act in acts.items()}
    result = [answers, {verb: RecordedAction.objects.filter(verb=verb).count() for verb in acts}]
    """)
    assert {one for of in answers.values() for one in of} <= REFUSALS
    assert recorded == dict.fromkeys(recorded, 1)


def test_of_simultaneous_names_in_different_case_one_is_created(together):
    answers, people = together("""
    Site.current()
    def make(name):
        return lambda: accounts.create(username=name, password=WORDS)
    answers = together(*[make(name) for name in ("erin", "Erin", "ERIN", "eRiN")])
    result = [answers, get_user_model().objects.count()]
    """)
    assert sorted(answers) == ["done", "invalid", "invalid", "invalid"]
    assert people == 1


def test_two_processes_share_the_count_of_an_address(new_site, tmp_path):
    site = new_site(redis=True)
    other = SiteShell(site.env, tmp_path / "other.log")
    code = """
    from chat.domain import throttle
    from chat.domain.errors import SlowDown
    # A fixed clock, so that no minute ends in between.
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
        assert other.run(code, {"times": 6}) == 4
        assert site.python(code, times=6) == 0
    finally:
        other.stop()
        site.stop()


def test_people_who_start_a_room_at_the_same_moment_get_the_same_one(together):
    answers, direct, memberships = together("""
    from chat.domain import direct_rooms
    dora = sites.set_up(token=None, name="Harbour", username="dora", password=WORDS)
    people = [dora] + [accounts.create(username=name, password=WORDS) for name in ("erin", "fay")]
    slugs = set()
    def start(who):
        others = [user.pk for user in people if user != who]
        return lambda: slugs.add(direct_rooms.find_or_make(people=others, by=who).slug) or True
    answers = together(*[start(who) for who in people * 3])
    found = Room.objects.filter(kind="direct")
    result = [answers, [slugs == {room.slug} for room in found], Membership.objects.filter(room__kind="direct").count()]
    """)
    assert answers == ["done"] * 9
    assert direct == [True]
    assert memberships == 3
