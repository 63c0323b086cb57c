"""One id for a request, from the proxy's log to the worker's."""

import json

from chat.tests.services import wait_until


def test_an_answer_has_one_id_and_both_logs_know_it(new_house):
    house = new_house(LOG_FORMAT="json")
    answer = house.visitor().get("/accounts/login/")
    (number,) = answer.headers.get_all("X-Request-ID")
    # The lines are written after the answer.
    wait_until(lambda: number in house.site.log, "the request in the worker's log")
    lines = [json.loads(line) for line in house.site.log.splitlines() if line.startswith("{")]
    assert [line["path"] for line in lines if line.get("id") == number] == ["/accounts/login/"]
    wait_until(lambda: number in house.proxy.log, "the request in the proxy's log")
