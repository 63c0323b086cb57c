"""A large site on PostgreSQL, made by a few statements, and the plans by which the database answers its verbs.

Both run inside a site: `site.python("from chat.tests import large; result = large.…")`.
"""

import gc
import json
import uuid
from collections.abc import Iterator
from datetime import UTC

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.db import connection
from django.utils import timezone

from chat.domain import (
    guests,
    live_state,
    messages,
    missed_changes,
    overviews,
    reading,
    room_lists,
    rooms,
    saved,
    sessions,
    thread_log,
    threads,
    timeline,
)
from chat.domain.search.find import find
from chat.domain.search.query import parse
from chat.models import Message, Room, Site
from chat.models.prepared import prepared
from chat.models.session_store import SessionStore

PEOPLE = 20_000
SMALL_ROOMS = 300
SMALL_ROOM_MESSAGES = 50
RUNS = 7
"""PostgreSQL may change to a plan that fits all parameters at the sixth execution of a prepared statement."""

FILL = """
INSERT INTO people_user
    (handle, handle_key, handle_look, password, is_superuser, is_staff, is_active, is_bot, email, date_joined)
    SELECT 'person' || i, look, look, '!' || md5(i::text), false, false, true, false, '', now()
    FROM generate_series(1, {people}) i,
        LATERAL (SELECT encode(sha256(translate('person' || i, '01', 'ol')::bytea), 'hex') AS look) looks;
INSERT INTO chat_room (slug, name, topic, kind, guests, slow_mode_s, changed_version, created_at)
    SELECT 'large', 'Large', '', 'public', 'write', 0, 0, now() UNION ALL
    SELECT 'small-' || i, 'Small', '', 'private', 'none', 0, 0, now() FROM generate_series(1, {small_rooms}) i;
CREATE TEMPORARY TABLE person AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM people_user;
CREATE TEMPORARY TABLE said AS
    SELECT id AS room_id, generate_series(1, CASE WHEN slug = 'large' THEN {messages} ELSE {few} END) AS seq
    FROM chat_room WHERE slug = 'large' OR slug LIKE 'small-%';
INSERT INTO chat_roomhead (room_id, version, rules, last_seq, active_at)
    SELECT room_id, max(seq), 0, max(seq), now() FROM said GROUP BY room_id;
INSERT INTO chat_message (room_id, author_id, sender_key, guest_name, guest_id, client_id, seq, version, text, html,
        renderer, created_at, reply_to_id, in_room, silent)
    SELECT room_id, person.id, 'u:' || person.id, '', '', gen_random_uuid(), seq, seq, 'Line ' || seq, 'Line ' || seq,
        1, now() - (seq || ' seconds')::interval, NULL, true, false
    FROM said JOIN person ON n = seq % (SELECT count(*) FROM person);
CREATE TEMPORARY TABLE root AS
    SELECT id, room_id, seq FROM chat_message WHERE seq % 40 = 1 ORDER BY id;
UPDATE chat_message m SET thread_id = root.id, in_room = false FROM root
    WHERE m.room_id = root.room_id AND m.seq > root.seq AND m.seq < root.seq + 20 AND m.seq < 20000;
UPDATE chat_message m SET thread_id = root.id, in_room = false FROM root
    WHERE m.room_id = root.room_id AND root.seq = 40001 AND m.seq > 40001 AND m.seq < 80000;
UPDATE chat_message m SET replies = jsonb_build_object('count', r.count, 'people', '[]'::jsonb, 'last_at', r.last_at)
    FROM (SELECT thread_id, count(*), max(created_at) AS last_at FROM chat_message
        WHERE thread_id IS NOT NULL GROUP BY thread_id) r WHERE m.id = r.thread_id;
INSERT INTO chat_threadfollow (user_id, root_id, room_id, unread_from, muted)
    SELECT person.id, m.id, m.room_id, CASE WHEN n % 10 = 0 THEN m.seq + 1 END, false
    FROM chat_message m JOIN person ON n BETWEEN m.seq % 900 AND m.seq % 900 + 100 WHERE m.replies IS NOT NULL;
INSERT INTO chat_mention (message_id, user_id, room_id, seq, in_room)
    SELECT m.id, person.id, m.room_id, m.seq, m.in_room FROM chat_message m JOIN person ON n = (m.seq * 7) % 1000
    WHERE m.seq % 2 = 0;
INSERT INTO chat_reaction (message_id, user_id, emoji)
    SELECT m.id, m.author_id, '👍' FROM chat_message m WHERE m.seq % 3 = 0 AND m.author_id IS NOT NULL;
INSERT INTO chat_revision (message_id, text, replaced_at, replaced_by_id)
    SELECT m.id, 'Before', now(), m.author_id FROM chat_message m WHERE m.seq % 5 = 0;
INSERT INTO chat_membership (room_id, user_id, role, notify, read_seq, unread_marks, joined_at)
    SELECT r.id, p.id, 'member', 'mentions',
        CASE WHEN r.slug = 'large' THEN p.n * {messages} / {people} ELSE 10 END, 0, now()
    FROM chat_room r JOIN person p ON r.slug = 'large' OR (r.slug LIKE 'small-%' AND (p.n + r.id) % 200 = 0)
    ON CONFLICT DO NOTHING;
INSERT INTO chat_session (session_key, session_data, expire_date, user_id)
    SELECT md5(id::text), repeat(md5(id::text), 10), now() + interval '1 day', id FROM person;
"""
TABLES = "people_user chat_mention chat_membership chat_message chat_reaction chat_revision chat_session".split()
TABLES += ["chat_threadfollow"]
"""The large ones. Rooms are few."""


def fill(count: int, people: int = PEOPLE, small_rooms: int = SMALL_ROOMS) -> None:
    """Add `people`, a room `large` of `count` messages that all are in, and small rooms; then ANALYZE."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        sizes = {"messages": count, "people": people, "small_rooms": small_rooms, "few": SMALL_ROOM_MESSAGES}
        for statement in FILL.format(**sizes).split(";\n"):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")


def plans() -> list[dict]:
    """Run the verbs of sockets, pages and checks RUNS times; returns for each statement `query` and `plan`.

    The plans are those that were used, by PostgreSQL's module auto_explain, with the number of rows of each node.
    """
    found = []
    with connection.cursor() as cursor:
        cursor.execute("LOAD 'auto_explain'")
        for name, value in {"min_duration": 0, "analyze": "on", "timing": "off", "level": "notice"}.items():
            cursor.execute(f"SET auto_explain.log_{name} = {value}")
        cursor.execute("SET auto_explain.log_format = json")
    connection.connection.add_notice_handler(lambda notice: found.append(notice.message_primary))
    for verb in _verbs():
        for _run in range(RUNS):
            verb()
    told = [json.loads(text.partition("plan:\n")[2]) for text in found if "plan:\n" in text]
    return [{"query": plan["Query Text"], "plan": plan["Plan"]} for plan in told]


def compiled_queries() -> list[str]:
    """The SQL of each query that is compiled once, where it was run: by these all sockets and pages begin."""
    ours = [each for each in gc.get_objects() if isinstance(each, prepared)]
    unused = [each._build.__qualname__ for each in ours if not each._plans]
    if unused:
        raise AssertionError(f"No verb here runs {', '.join(sorted(unused))}")
    return [each._plans[connection.vendor].sql for each in ours]


def _verbs() -> Iterator:
    people = list(get_user_model().objects.filter(handle__startswith="person").order_by("pk")[:1000])
    member, other = people[500], people[501]
    guest = guests.Guest(key="0" * 32, name="Amber Owl 10")
    room = Room.objects.get(slug="large")
    head = room.head.version
    keys = [_sign_in(user) for user in people[:250]]
    ids = [user.pk for user in people[:250]]
    slugs = list(Room.objects.values_list("slug", flat=True))
    slow = rooms.create(slug="slow", name="Slow", by=other, slow_mode_s=1)
    rooms.join(room=slow, user=member)

    def post(author, body="Hello", where="large", **fields):
        return messages.post(room=where, author=author, body=body, client_id=uuid.uuid4(), **fields)

    yield Site.current
    yield lambda: sessions.identify_socket(keys[0])
    yield lambda: sessions.identify_socket(_guest_key())
    for visitor in (member, guest):
        yield lambda visitor=visitor: timeline.rooms_of(visitor)
        # Each at another version, or the one before is kept.
        since = iter(range(head - RUNS, head))
        yield lambda visitor=visitor, since=since: timeline.open_room(visitor, "large", since=next(since))
        yield lambda visitor=visitor: (post(other), timeline.open_page(visitor, "large"))
        yield lambda visitor=visitor: timeline.open_room(visitor, "large", at=post(other).pk)
        for place in (
            {"before": head // 2},
            {"after": head // 2},
            {"around": head // 2},
            {"around": 3},
            {"around": head},
        ):
            for limit in (50, 100):
                yield lambda visitor=visitor, place=place, limit=limit: timeline.history(
                    visitor, "large", **place, limit=limit
                )
        yield lambda visitor=visitor: post(visitor, "Hello @person7", reply_to=Message.objects.latest("pk").pk)
    yield lambda: post(other, where="slow")
    posted = [post(member) for _run in range(RUNS)]
    edits, deletions = iter(posted), iter(posted)
    yield from _searches(room)
    yield lambda: messages.react(message=posted[0].pk, by=other, emoji="👍", on=True)
    yield lambda: messages.react(message=posted[0].pk, by=other, emoji="👍", on=False)
    yield lambda: messages.edit(message=next(edits).pk, by=member, body="Hello @person8")
    yield lambda: messages.delete(message=next(deletions).pk, by=member)
    upto = iter(range(head - RUNS, head))
    middle = Message.objects.filter(room=room, seq__gte=head // 2).order_by("seq")[0].pk
    yield lambda: reading.read(room="large", user=member, upto=next(upto))
    yield lambda: reading.mark_unread(message=middle, user=member)
    yield lambda: (post(other), timeline.open_page(member, "large", at="unread"))
    welcome = timeline.welcome(member)
    yield lambda: overviews.unread_rooms(member, welcome)
    yield lambda: overviews.mentions(member, welcome)
    yield lambda: overviews.mentions(member, welcome, before=middle)
    # The longest thread, and one that many follow.
    roots = Message.objects.filter(room=room, replies__isnull=False)
    for root in (roots.get(seq=40001).pk, roots.filter(follows__user=member).order_by("seq")[0].pk):
        yield lambda root=root: thread_log.read_thread(message=root, by=member)
        yield lambda root=root: thread_log.read_thread(message=root, by=member, before=60000, limit=100)
        replies = [post(other, "Aye", thread=root) for _run in range(RUNS)]
        gone = iter(replies)
        yield lambda root=root: post(other, "Aye @person9", thread=root)
        yield lambda gone=gone: messages.delete(message=next(gone).pk, by=other)
        yield lambda root=root: threads.follow(message=root, user=member)
        yield lambda root=root: (post(other, thread=root), threads.read(message=root, user=member, upto=head + 10**6))
        yield lambda root=root: threads.unfollow(message=root, user=member)
        yield lambda latest=replies[-1].pk: timeline.open_room(member, "large", at=latest)
    for place in ({"before": 70000}, {"after": 50000}, {"around": 60000}):
        yield lambda place=place: timeline.history(member, "large", **place)
    yield lambda: thread_log.read_followed(user=member)
    yield lambda: thread_log.unread_roots(room.pk, ids[:200])
    yield lambda: missed_changes.changes_after(room.pk, head - 20)
    yield lambda: live_state.read_live_state(slugs, ids, keys)
    yield lambda: live_state.states_of(member, {"large"})
    yield lambda: room_lists.unread_counts(room.pk, ids[:200])


def _searches(room: Room) -> Iterator:
    """Searches without words, by somebody who has read nearly all: few messages are unread, pinned or saved."""
    reader = get_user_model().objects.get(handle=f"person{PEOPLE}")
    old = Message.objects.filter(room=room, in_room=True).order_by("seq")[:3]
    Message.objects.filter(pk=old[0].pk).update(pinned={"by": {"id": reader.pk, "name": "x"}, "at": "2026-01-01"})
    for message in old:
        saved.save(message=message.pk, user=reader, on=True)
    for text in ("is:saved", "has:pin", "has:reaction", "is:unread"):
        query = parse(text, now=timezone.now(), zone=UTC)
        if not find(query, reader).hits:
            raise AssertionError(f"{text} finds nothing")
        yield lambda query=query: find(query, reader)


def _sign_in(user) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def _guest_key() -> str:
    session = SessionStore()
    session[guests.SESSION_KEY] = {"key": "1" * 32, "name": "Amber Owl 11"}
    session.create()
    return session.session_key
