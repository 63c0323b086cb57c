"""The migrations that give mentions a room and a seq (0003, 0004), over rows of the version before."""

import pytest

from chat.tests.rows import live

PLACES = """
    from chat.models import Mention
    rows = Mention.objects.order_by("pk").values_list("room_id", "seq", "message__room_id", "message__seq")
    result = [list(row) for row in rows]
"""
SAY_AS_BEFORE = """
    from django.db import connection
    from chat.models import Message
    # Only columns that the oldest schema of these tests has.
    said, author = Message.objects.exclude(author=None).values_list("pk", "author_id").first()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO chat_mention (message_id, user_id) VALUES (%s, %s)", [said, author])
"""
INDEX_LEFT_BY_AN_INTERRUPTED_RUN = """
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX mention_unread ON chat_mention (id)")
"""
INDEX = """
    from django.db import connection
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "chat_mention")["mention_unread"]
    result = found["columns"]
"""


@pytest.mark.parametrize("postgres", [None, True], ids=["sqlite", "postgresql"])
def test_all_mentions_get_their_place_and_the_index_is_whole(new_site, postgres):
    site = new_site(postgres=postgres)
    live(site)
    before = len(site.python(PLACES))
    site.manage("migrate", "chat", "0002")
    site.python(SAY_AS_BEFORE)
    site.manage("migrate", "chat", "0003")
    site.python(INDEX_LEFT_BY_AN_INTERRUPTED_RUN)
    site.manage("migrate")
    places = site.python(PLACES)
    assert len(places) == before + 1 > 1
    assert [place[:2] for place in places] == [place[2:] for place in places]
    assert site.python(INDEX) == ["user_id", "room_id", "seq"]
    site.stop()


def test_what_a_worker_of_the_version_before_writes_gets_its_place_on_postgresql(new_site):
    site = new_site(postgres=True)
    live(site)
    site.python(SAY_AS_BEFORE)
    room, seq, message_room, message_seq = site.python(PLACES)[-1]
    assert (room, seq) == (message_room, message_seq)
    site.stop()
