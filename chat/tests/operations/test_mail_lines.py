"""Printed mail: text, or one line of JSON with LOG_FORMAT=json."""

import json

import pytest

pytestmark = pytest.mark.core


def test_printed_mail_is_one_line_of_json_with_log_format_json(new_site):
    (line,) = new_site(LOG_FORMAT="json").manage("sendtestemail", "bob@example.org").stdout.splitlines()
    written = json.loads(line)
    assert written["message"].startswith("Mail to bob@example.org: ")
    assert {"time", "level", "logger", "text"} <= written.keys()


def test_printed_mail_is_text_by_default(new_site):
    assert "To: bob@example.org\n" in new_site().manage("sendtestemail", "bob@example.org").stdout


@pytest.mark.parametrize(("query", "seconds"), [("", 10), ("?timeout=5", 5)])
def test_a_mail_server_has_a_time_limit(query, seconds):
    from project.configuration import kinds

    assert kinds.EMAIL_URL.parse(f"smtp://mail.example.com/{query}")["EMAIL_TIMEOUT"] == seconds
