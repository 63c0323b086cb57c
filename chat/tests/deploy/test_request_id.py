"""A request has the same id in the proxy's log and in the worker's."""

import json

import pytest

from chat.tests.services import wait_until

pytestmark = pytest.mark.core


def test_a_response_has_one_id_that_is_in_both_logs(start_behind_proxy):
    behind_proxy = start_behind_proxy(LOG_FORMAT="json")
    answer = behind_proxy.visitor().get("/accounts/login/")
    (number,) = answer.headers.get_all("X-Request-ID")
    # The lines are written after the response.
    wait_until(lambda: number in behind_proxy.site.log, "the request in the worker's log")
    lines = [json.loads(line) for line in behind_proxy.site.log.splitlines() if line.startswith("{")]
    assert [line["path"] for line in lines if line.get("id") == number] == ["/accounts/login/"]
    wait_until(lambda: number in behind_proxy.proxy.log, "the request in the proxy's log")
