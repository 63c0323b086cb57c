"""Query plans of PostgreSQL for sockets, pages and checks, on a site of 100,000 messages and 20,000 people."""

import re
from collections.abc import Iterator

import pytest

from chat.domain.annotations import MAX_COUNT
from chat.domain.search.listed import MAX_ROWS
from chat.tests import large

pytestmark = pytest.mark.takes_long
MESSAGES = 85_000
"""And 15,000 in small rooms. One thread of `large` ends at 80,000."""
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
    """Rows that a scan read in each of its runs."""
    return node["Actual Rows"] + sum(node.get(f"Rows Removed by {by}", 0) for by in ("Filter", "Index Recheck"))


def most_rows(query: str) -> float:
    """The most rows of a large table that a node of this query may read."""
    # `has:reaction` counts the reactions of the site up to this, to choose how to read: 5,001 entries of an index.
    is_count_of_reactions = query.startswith('SELECT COUNT(*) FROM (SELECT "chat_reaction"."id"')
    return MAX_ROWS["postgresql"] + 1 if is_count_of_reactions else MAX_COUNT * 1.1


def test_every_compiled_query_has_a_plan(answered):
    plans, compiled = answered
    used = {re.sub(r"\$\d+", "%s", plan["query"]) for plan in plans}
    assert len(compiled) >= 15
    assert set(compiled) <= used


def test_no_plan_scans_a_large_table(answered):
    scans = {
        (node["Relation Name"], plan["query"])
        for plan in answered[0]
        for node in nodes(plan["plan"])
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in large.TABLES
    }
    assert not scans


def test_no_query_reads_more_messages_than_the_count_limit(answered):
    found = {
        (node["Relation Name"], rows_read(node), plan["query"])
        for plan in answered[0]
        for node in nodes(plan["plan"])
        if node.get("Relation Name") in LONG and rows_read(node) > most_rows(plan["query"])
    }
    assert not found
