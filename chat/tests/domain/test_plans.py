"""How PostgreSQL answers what sockets, pages and checks ask, on a site of 200,000 messages and 20,000 people."""

import re
from collections.abc import Iterator

import pytest

from chat.domain.annotations import COUNTED_MOST
from chat.tests import large

MESSAGES = 185_000
"""And 15,000 in small rooms."""
LONG = ("chat_message", "chat_mention", "chat_reaction", "chat_revision")
PLANS = """
    from chat.tests import large
    large.fill(messages)
    plans = large.plans()
    result = plans, large.compiled_queries()
"""


@pytest.fixture(scope="module")
def answered(new_site) -> tuple[list[dict], list[str]]:
    """The plans that were used, and the SQL of the queries that are compiled once."""
    site = new_site(postgres=True)
    try:
        return site.python(PLANS, messages=MESSAGES)
    finally:
        site.stop()


def nodes(plan: dict) -> Iterator[dict]:
    """A plan's nodes, from the top."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def rows_read(node: dict) -> int:
    """How many rows a scan looked at, each time that it ran."""
    return node["Actual Rows"] + sum(node.get(f"Rows Removed by {by}", 0) for by in ("Filter", "Index Recheck"))


def test_the_plans_are_those_of_all_compiled_queries(answered):
    plans, compiled = answered
    used = {re.sub(r"\$\d+", "%s", plan["query"]) for plan in plans}
    assert len(compiled) >= 15
    assert set(compiled) <= used


def test_no_large_table_is_read_from_end_to_end(answered):
    scans = {
        (node["Relation Name"], plan["query"])
        for plan in answered[0]
        for node in nodes(plan["plan"])
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in large.TABLES
    }
    assert not scans


def test_no_statement_looks_at_more_of_a_log_than_it_may_count(answered):
    found = {
        (node["Relation Name"], rows_read(node), plan["query"])
        for plan in answered[0]
        for node in nodes(plan["plan"])
        if node.get("Relation Name") in LONG and rows_read(node) > COUNTED_MOST * 1.1
    }
    assert not found
