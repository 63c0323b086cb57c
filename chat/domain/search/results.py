"""A search as a page asks for it: the text of a query in, the answer for the wire out."""

from datetime import tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.domain import people
from chat.domain.types import AnyPerson
from chat.models import Membership, Room
from chat.protocol import search as wire
from chat.protocol.things import Attachment, PersonName

from .find import Hit, find
from .fragments import Fragment
from .query import MAX_CHARACTERS, MAX_TERMS, parse
from .query_types import Problem, ProblemCode

PAGE = 20
_SENTENCES = {
    ProblemCode.TOO_LONG: _("Only the first %(characters)d characters were searched for."),
    ProblemCode.TOO_MANY_WORDS: _("Only the first %(words)d words were searched for."),
    ProblemCode.MISSING_VALUE: _("“%(part)s” needs a value behind the colon, without a space. It was left out."),
    ProblemCode.UNKNOWN_VALUE: _("“%(part)s” is not a filter that exists. It was left out."),
    ProblemCode.UNKNOWN_DATE: _("“%(part)s” has no date that exists. Write it like 2026-11-03, 2026-11 or yesterday."),
    ProblemCode.UNCLOSED_QUOTE: _("A quotation mark has no end."),
    ProblemCode.ONLY_EXCLUSIONS: _("Say also what you look for, not only what to leave out."),
}
_SHOWN_CHARACTERS = 40
MAX_FILES = 4
"""Of one hit."""


def search(
    text: str,
    reader: AnyPerson,
    *,
    order: Literal["newest", "best"] = "newest",
    after: str | None = None,
    zone: str = "",
    message: int | None = None,
) -> wire.SearchResults:
    """A page of what `reader` finds with a query. `zone` is the time zone of their device, of the IANA database.

    `after` is `next` of the page before. `message`: the id of the only message to look at. Raises Invalid.
    """
    query = parse(text, now=timezone.now(), zone=_zone(zone, reader), is_typing=True)
    found = None if query.is_empty else find(query, reader, order=order, after=after, message=message, limit=PAGE)
    hits = found.hits if found else []
    return wire.SearchResults(
        hits=[_hit(each) for each in hits],
        rooms=_rooms(hits),
        next=found.next if found else None,
        filters=[
            wire.SearchFilter(
                name=each.name.value, value=each.value, negated=each.is_negated, start=each.start, end=each.end
            )
            for each in query.filters
        ],
        problems=[_problem(each, text) for each in query.problems],
        is_empty=query.is_empty,
    )


def _zone(name: str, reader: AnyPerson) -> tzinfo:
    """The zone of the device; without one that is known, that of the profile, or of the site."""
    profile = people.profile_of(reader).time_zone if reader.is_authenticated else ""
    for each in (name, profile):
        try:
            if each:
                return ZoneInfo(each)
        except (ValueError, OSError, KeyError):
            # Not a name of the database: ZoneInfoNotFoundError is a KeyError; a name of a folder gives an OSError.
            continue
    return timezone.get_default_timezone()


def _hit(hit: Hit) -> wire.SearchHit:
    message = hit.message
    author = people.as_person(message.author) if message.author_id else None
    return wire.SearchHit(
        id=message.pk,
        seq=message.seq,
        room=message.room.slug,
        thread=message.thread_id,
        in_room=message.in_room,
        author=author,
        guest=None if author else people.as_guest(message.pk, message.guest_id, message.guest_name),
        at=message.created_at,
        edited_at=message.edited_at,
        fragments=_in_parts([each for each in hit.fragments if each.file is None]),
        files=_files(hit),
    )


def _files(hit: Hit) -> list[wire.FoundFile]:
    """The files of a hit: those in which something was found, then others, MAX_FILES in all."""
    names: dict[int, Fragment] = {}
    texts: dict[int, list[Fragment]] = {}
    for each in hit.fragments:
        if each.file is not None and each.is_name:
            names[each.file] = each
        elif each.file is not None:
            texts.setdefault(each.file, []).append(each)
    files = [Attachment(**file) for file in hit.message.attachments or ()]
    files.sort(key=lambda file: file.id not in names)
    return [
        wire.FoundFile(
            file=file,
            name=_in_parts([names[file.id]])[0] if file.id in names else [file.name],
            fragments=_in_parts(texts.get(file.id, [])),
        )
        for file in files[:MAX_FILES]
    ]


def _in_parts(fragments: list[Fragment]) -> list[list[str]]:
    """Each text in parts: plain, marked, plain … An ellipsis stands where it was cut, one between two of them."""
    texts = []
    was_cut = False
    for fragment in fragments:
        parts, at = [], 0
        for start, end in fragment.marks:
            parts += [fragment.text[at:start], fragment.text[start:end]]
            at = end
        parts.append(fragment.text[at:])
        if fragment.is_cut_before and not was_cut:
            parts[0] = f"…{parts[0]}"
        was_cut = fragment.is_cut_after
        if was_cut:
            parts[-1] += "…"
        texts.append(parts)
    return texts


def _rooms(hits: list[Hit]) -> list[wire.SearchRoom]:
    """The rooms of hits, by their first hit. One query more if there are direct rooms."""
    rooms = {hit.message.room_id: hit.message.room for hit in hits}
    names = _people_of([pk for pk, room in rooms.items() if room.kind == Room.Kind.DIRECT])
    return [
        wire.SearchRoom(
            slug=room.slug,
            name=room.name,
            kind=room.kind,
            archived=room.archived_at is not None,
            people=names.get(pk, []),
        )
        for pk, room in rooms.items()
    ]


def _people_of(rooms: list[int]) -> dict[int, list[PersonName]]:
    """The people of direct rooms, by room."""
    found: dict[int, list[PersonName]] = {}
    if rooms:
        members = Membership.objects.filter(room__in=rooms).select_related("user__chat_profile").order_by("user_id")
        for member in members:
            found.setdefault(member.room_id, []).append(people.as_name(member.user))
    return found


def _problem(problem: Problem, text: str) -> wire.SearchProblem:
    part = text[problem.start : problem.end]
    if len(part) > _SHOWN_CHARACTERS:
        part = f"{part[:_SHOWN_CHARACTERS]}…"
    detail = _SENTENCES[problem.code] % {"part": part, "characters": MAX_CHARACTERS, "words": MAX_TERMS}
    return wire.SearchProblem(code=problem.code.value, detail=detail, start=problem.start, end=problem.end)
