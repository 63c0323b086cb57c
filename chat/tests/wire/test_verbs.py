"""For each verb: Bob's former list of rooms plus the events that he received equals a fresh `welcome`.

After the model of Zulip's `verify_action`; chat/tests/domain/test_copies.py does the same for a room's messages. Here
the verbs run in a process beside the workers, so their events take the same way to Bob's socket as on a real site.

Each verb has a room and a Bob of its own: no list holds anything of another verb.
"""

import asyncio
import inspect

import pytest

from chat.domain import direct_rooms, members, messages, reading, room_creation, room_settings, rooms, sidebar, threads
from chat.domain.previews import removal

WORLD = """
    import uuid
    from django.contrib.auth import get_user_model
    from chat.domain import direct_rooms, members, messages, reading, room_creation, room_settings, rooms, sidebar
    from chat.domain import accounts, threads
    from chat.domain.previews import removal
    from chat.models import Message, Room
    alice, bob, charlie = map(get_user_model().objects.get_by_natural_key, ("alice", name, "charlie"))
    place = Room.objects.get(slug=room)
    def post_message(author, body, **fields):
        return messages.post(room=room, author=author, body=body, client_id=uuid.uuid4(), **fields).pk
    def last():
        return Message.objects.filter(room=place).latest("seq").pk
"""
PREPARE = "post_message(alice, f'one, @{name}')\npost_message(bob, 'two')\npost_message(alice, 'three')"
VERBS = {
    "messages.post": "post_message(alice, f'more, @{name}')",
    "messages.edit": "messages.edit(message=last(), by=alice, body=f'three, @{name}')",
    "messages.tick": "messages.tick(message=post_message(alice, '- [ ] one'), by=alice, task=0, on=True)",
    "messages.delete": "messages.delete(message=last(), by=alice)",
    "messages.react": "messages.react(message=last(), by=bob, emoji='👍', on=True)",
    "removal.remove_preview": (
        "preview = {'url': 'https://example.org/', 'title': 'A page', 'description': '', 'site': '', 'picture': None,"
        " 'icon': None}\n"
        "Message.objects.filter(pk=last()).update(previews=[preview])\n"
        "removal.remove_preview(message=last(), by=alice, url='https://example.org/')"
    ),
    "reading.read": "reading.read(room=room, user=bob, upto=1)",
    "reading.mark_unread": "reading.read(room=room, user=bob, upto=3)\nreading.mark_unread(message=last(), user=bob)",
    # The root is Alice's: each reply of hers is unread for Bob, once he follows the thread.
    "messages.post in a thread": "post_message(bob, 'mine', thread=last())\npost_message(alice, 'hers', thread=last())",
    "messages.delete in a thread": (
        "post_message(bob, 'mine', thread=last())\n"
        "messages.delete(message=post_message(alice, 'hers', thread=last()), by=alice)"
    ),
    "threads.follow": "threads.follow(message=last(), user=bob)\npost_message(alice, 'hers', thread=last())",
    "threads.unfollow": (
        "post_message(bob, 'mine', thread=last())\npost_message(alice, 'hers', thread=last())\n"
        "threads.unfollow(message=last(), user=bob)"
    ),
    "threads.read": (
        "post_message(bob, 'mine', thread=last())\npost_message(alice, 'hers', thread=last())\n"
        "threads.read(message=last(), user=bob, upto=100)"
    ),
    "threads.mark_unread": (
        "post_message(bob, 'mine', thread=last())\npost_message(alice, 'hers', thread=last())\n"
        "threads.read(message=last(), user=bob, upto=100)\nreading.mark_unread(message=last(), user=bob)"
    ),
    "direct_rooms.find_or_make": (
        "new = accounts.create(username=f'{room}-new', password='a long walk along the pier')\n"
        "direct_rooms.find_or_make(people=[bob.pk], by=new)\n"
        "slug = direct_rooms.find_or_make(people=[new.pk], by=bob).slug\n"
        "sidebar.hide(room=slug, user=bob, on=True)\n"
        "messages.post(room=slug, author=new, body='Ahoy', client_id=uuid.uuid4())"
    ),
    "sidebar.favourite": (
        "other = rooms.create(slug=f'{room}-liked', name='Liked', by=bob).slug\n"
        "sidebar.favourite(room=room, user=bob, on=True)\nsidebar.favourite(room=other, user=bob, on=True, before=room)"
    ),
    "sidebar.mute": "sidebar.mute(room=room, user=bob, on=True)",
    "sidebar.hide": (
        "slug = direct_rooms.find_or_make(people=[alice.pk], by=bob).slug\nsidebar.hide(room=slug, user=bob, on=True)"
    ),
    "sidebar.show": (
        "slug = direct_rooms.find_or_make(people=[charlie.pk], by=bob).slug\n"
        "sidebar.hide(room=slug, user=bob, on=True)\nsidebar.show(room=Room.objects.get(slug=slug), user=bob)"
    ),
    "sidebar.fold": "sidebar.fold(section='rooms', user=bob, on=True)",
    "rooms.create": "rooms.create(slug=f'{room}-new', name='New', by=bob)",
    "rooms.change": "rooms.change(room=place, name='Other', topic='things', slow_mode_s=5, guests='read')",
    "rooms.archive": "rooms.archive(room=place)",
    "rooms.restore": "rooms.archive(room=place)\nrooms.restore(room=Room.objects.get(slug=room))",
    "rooms.join": "rooms.join(room=rooms.create(slug=f'{room}-more', name='More', by=alice), user=bob)",
    "rooms.join_public": "rooms.join_public(room=rooms.create(slug=f'{room}-open', name='Open').slug, user=bob)",
    "rooms.leave": "rooms.leave(room=place, user=bob)",
    "rooms.remove": "rooms.remove(room=place, user=bob)",
    "rooms.lift": (
        "rooms.remove(room=place, user=charlie)\nrooms.lift(restriction=place.restrictions.get())\n"
        "rooms.join_public(room=room, user=charlie)"
    ),
    "room_creation.create": "room_creation.create(by=alice, name=f'Hall {room}', people=[bob.pk])",
    "room_settings.change": "room_settings.change(room=room, by=alice, name='Hall', topic='things', archived=True)",
    "members.add": (
        "rooms.create(slug=f'{room}-full', name='Full', by=alice)\n"
        "members.add(room=f'{room}-full', by=alice, people=[bob.pk, charlie.pk])"
    ),
    "members.remove": "members.remove(room=room, by=alice, person=bob.pk)",
    "members.set_role": "members.set_role(room=room, by=alice, person=bob.pk, role='reader')",
    "members.name_to_post": "members.name_to_post(room=room, by=alice, person=bob.pk, on=True)",
    "members.set_notify": "members.set_notify(room=room, user=bob, level='all')",
    "members.leave": "members.leave(room=room, user=bob)",
    "rooms.name_to_post": "rooms.name_to_post(room=place, user=bob, on=True)",
    "rooms.set_role": "rooms.set_role(room=place, user=bob, role='moderator')",
}
VERB_MODULES = (
    *(direct_rooms, members, messages, reading, removal, room_creation, room_settings, rooms, sidebar, threads),
)
# Functions that change nothing, and parts of verbs.
READERS = {
    "messages.serialized",
    "messages.render",
    "messages.empty",
    "message_changes.get_locked",
    "message_changes.save_changed",
    "room_changes.check_not_direct",
    "rooms.end_memberships",
    # It closes Bob's connection.
    "rooms.disconnect",
    "rooms.get_visible",
    "rooms.joinable",
    "direct_rooms.name_for",
    "room_changes.lock",
    "room_changes.note_members",
    "members.find_users",
    "members.add_all",
    "members.count_owners",
    "rooms.with_my_role",
    "reading.unread_counts",
    "reading.with_counts",
}

# Without Redis, changes of another process arrive by the check only.
UNCHECKED = {"reading.read", "reading.mark_unread", "rooms.set_role", "members.set_role"}
UNCHECKED |= {"rooms.name_to_post", "members.name_to_post"}
UNCHECKED |= {"threads.read", "threads.mark_unread", "threads.unfollow", "messages.delete in a thread"}
UNCHECKED |= {verb for verb in VERBS if verb.startswith("sidebar.")}
BY_SITE = {"site_postgres_redis": [*VERBS], "site": [verb for verb in VERBS if verb not in UNCHECKED]}


class RoomList:
    """The rooms of a welcome, updated by events: what a sidebar shows."""

    def __init__(self, client):
        self.client = client

    def states(self) -> dict[str, dict]:
        """The rooms by slug, after all frames so far."""
        states: dict[str, dict] = {}
        for frame in self.client.frames:
            match frame:
                case {"type": "welcome", "rooms": listed}:
                    states = {state["slug"]: state for state in listed}
                case {"type": "room_added", "room": slug, "state": state}:
                    states[slug] = state
                case {"type": "room_removed", "room": slug}:
                    states.pop(slug, None)
                case {"type": "unread" | "read" | "room", "room": slug} if slug in states:
                    news = dict(frame.get("state") or {name: frame[name] for name in ("unread", "mentions")})
                    if frame["type"] == "read":
                        news |= {"read": frame["upto"], "unread_marks": frame["unread_marks"]}
                    if frame["type"] == "unread":
                        news |= {name: frame[name] for name in ("hidden", "active_at")}
                    states[slug] = states[slug] | news
                case {"type": "follow", "room": slug, "thread": root} if slug in states:
                    others = set(states[slug]["threads"]) - {root}
                    unread = others | ({root} if frame["unread_from"] is not None else set())
                    states[slug] = states[slug] | {"threads": sorted(unread, reverse=True)}
                case {"type": "unread_threads", "room": slug} if slug in states:
                    states[slug] = states[slug] | {"threads": frame["threads"]}
                case {"type": "room_choices", "room": slug} if slug in states:
                    states[slug] = states[slug] | {name: frame[name] for name in ("muted", "hidden")}
                case {"type": "favourites", "rooms": order}:
                    places = {slug: place for place, slug in enumerate(order)}
                    states = {slug: state | {"favourite": places.get(slug)} for slug, state in states.items()}
        # The versions of rooms that are not open are not sent.
        return {slug: {name: state[name] for name in state if name != "version"} for slug, state in states.items()}


NEW = """
    from chat.tests.services import PASSWORD, inside
    for room, name in worlds:
        inside.add_person(name, PASSWORD)
        inside.add_room(room, owner="alice", members=[name], fields={"name": room.capitalize()})
"""
RUN = """
    for (room, name), code in zip(worlds, codes, strict=True):
        exec(f"{world}\\n{code}", {"room": room, "name": name})
"""


@pytest.mark.parametrize(("place", "verbs"), BY_SITE.items(), indirect=["place"], ids=BY_SITE)
async def test_bobs_list_and_its_events_equal_a_fresh_welcome(place, connect, room, verbs):
    worlds = [(f"{room}-{number}", f"{room}-bob-{number}") for number in range(len(verbs))]
    world = "\n".join(line[4:] for line in WORLD.splitlines())
    bobs = [name for _room, name in worlds]

    async def run(codes: list[str]) -> None:
        await asyncio.to_thread(place.python, RUN, worlds=worlds, world=world, codes=codes)

    await asyncio.to_thread(place.python, NEW, worlds=worlds)
    await run([PREPARE] * len(verbs))
    held = [RoomList(await connect(name)) for name in bobs]
    await run([VERBS[verb] for verb in verbs])
    fresh = [RoomList(await connect(name)) for name in bobs]
    for verb, his, now in zip(verbs, held, fresh, strict=True):
        # The fresh one gets what the check sends after its welcome, too.
        try:
            await his.client.until(lambda his=his, now=now: his.states() == now.states(), "a list like a fresh one", 30)
        except TimeoutError:
            assert his.states() == now.states(), verb


def test_every_verb_is_tried():
    public = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in VERB_MODULES
        for name, what in vars(module).items()
        # A module may export a verb of another one: `messages.post`.
        if name in getattr(module, "__all__", ())
        or (name[0] != "_" and getattr(what, "__module__", "") == module.__name__)
        if inspect.isfunction(inspect.unwrap(what))
    }
    tried = {verb.partition(" ")[0] for verb in VERBS}
    assert not public - READERS - tried, f"add {public - READERS - tried} to VERBS here, or to READERS"
    assert not tried - public, f"no module of VERB_MODULES has {tried - public}"
