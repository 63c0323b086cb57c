"""Mail that is printed: readable for people, and one line of JSON where each line is."""

import json

import pytest


def test_printed_mail_is_one_line_of_json_where_each_line_is(new_site):
    (line,) = new_site(LOG_FORMAT="json").manage("sendtestemail", "bob@example.org").stdout.splitlines()
    written = json.loads(line)
    assert written["message"].startswith("Mail to bob@example.org: ")
    assert {"time", "level", "logger", "text"} <= written.keys()


def test_printed_mail_is_text_for_people_elsewhere(new_site):
    assert "To: bob@example.org\n" in new_site().manage("sendtestemail", "bob@example.org").stdout


@pytest.mark.parametrize(("query", "seconds"), [("", 10), ("?timeout=5", 5)])
def test_a_mail_server_has_a_bound_in_time(query, seconds):
    from project.configuration import kinds

    assert kinds.EMAIL_URL.parse(f"smtp://mail.example.com/{query}")["EMAIL_TIMEOUT"] == seconds
