"""Accounts on a real site: two workers, PostgreSQL and Redis."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from chat.tests.services import PASSWORD

DORA = {"site_name": "Harbour Lights", "email": "", "password": PASSWORD, "password_again": PASSWORD}
WRONG = {"username": "alice", "password": "wrong"}


@pytest.fixture
def browsers(make_site):
    """Function that starts a site with two workers and returns it with `number` visitors, half at each worker."""

    def start(number, **options):
        site = make_site(workers=2, postgres=True, redis=True, **options)
        visitors = [site.visitor(follow=False) for _ in range(number)]
        for visitor, worker in zip(visitors, site.workers * number, strict=False):
            visitor.url = worker.url
        return site, visitors

    return start


def test_two_people_who_submit_the_set_up_page_at_once_create_one_site(browsers):
    site, visitors = browsers(4, with_users=False)
    link = re.search(r"/setup/\S+", site.manage("setup", "--link").stdout)[0]
    assert [visitor.get(link).status for visitor in visitors] == [200] * 4
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(
            lambda pair: pair[1].post(link, DORA | {"username": f"dora-{pair[0]}", "lobby_guests": "none"}),
            enumerate(visitors),
        )
    assert sorted(answer.status for answer in answers) == [302, 404, 404, 404]
    assert ["sessionid" in visitor.cookies for visitor in visitors].count(True) == 1
    code = "from django.contrib.auth import get_user_model\nresult = get_user_model().objects.count()"
    assert site.python(code) == 1
    assert "already set up" in site.manage("setup").stdout


@pytest.mark.core
def test_both_workers_share_the_counters_and_ignore_forged_headers(browsers):
    _site, visitors = browsers(2)
    tried = 0
    while True:
        forged = {"X_Forwarded_For": f"203.0.113.{tried}"}
        answer = visitors[tried % 2].post("/accounts/login/", WRONG, **forged)
        if answer.status == 429:
            break
        assert answer.status == 200
        tried += 1
    # Ten a minute, and a few more that became free during the test. With a counter in each worker it would be twenty.
    assert 10 <= tried < 20
    assert int(answer.headers["Retry-After"]) >= 1
