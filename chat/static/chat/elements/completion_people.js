/** The people whom the composer offers to complete a name: members first, then others, and names for all members. */

import { isModerator } from "../permissions.js";
import { phrase } from "../phrases.js";
import { command } from "../protocol.js";
import { personKey } from "../senders.js";
import { MAX_OPTIONS, bestMatch, compareOrder } from "./completion_match.js";

/**
 * @import { Range } from "../name_match.js"
 * @import { RoomContext } from "../room_view.js"
 * @import { Person } from "../wire.d.ts"
 * @import { Option } from "./completion_options.js"
 */

/** After this time the members are asked for again, when they are needed. */
const MEMBERS_FRESH_MS = 60_000;
/** Names for everyone in a room, and their phrases. */
const GROUPS = { all: "mention_all", here: "mention_here" };

export class CompletionPeople {
  #context;
  /** @type {Map<number, Person>} members of the room that the server named */
  #members = new Map();
  /** @type {Map<number, Person>} people who are no members, as far as the server said */
  #others = new Map();
  #membersAt = -Infinity;
  /** Whether the server named all members: then who is not among them is none. */
  #hasAllMembers = false;

  /** @param {RoomContext} context */
  constructor(context) {
    this.#context = context;
  }

  /** Ask the server for people. @param {string} query @throws {CommandError} */
  async ask(query) {
    const { connection, room, store } = this.#context;
    const isDirect = store.rooms.get(room)?.kind === "direct";
    const search = query.trim();
    const isFresh = performance.now() - this.#membersAt < MEMBERS_FRESH_MS;
    const asked = !search || !isFresh ? ["", search] : [search];
    const people = search ? connection.request(command.people(search)) : null;
    const members = this.#askMembers(new Set(isDirect ? [] : asked));
    const [found] = await Promise.all([people, members]);
    for (const person of found?.people ?? []) this.#others.set(person.id, person);
  }

  /** @param {Set<string>} searches "" for all members */
  async #askMembers(searches) {
    const { connection, room } = this.#context;
    for (const each of searches) {
      const { members, more } = await connection.request(command.members(room, each));
      for (const { person } of members) this.#members.set(person.id, person);
      if (each) continue;
      this.#membersAt = performance.now();
      this.#hasAllMembers = !more;
    }
  }

  /** The people for a query, the best first. @param {string} query @returns {Option[]} */
  of(query) {
    const { room, store } = this.#context;
    const state = store.rooms.get(room);
    const here = store.presence(room);
    const messages = store.copy(room)?.messages ?? [];
    const spokeAt = new Map(messages.flatMap(({ author, seq }) => (author ? [[author.id, seq]] : [])));
    const members = new Map(this.#members);
    for (const person of state?.people ?? []) members.set(person.id, person);
    for (const { user } of here.people) if (user && !this.#others.has(user.id)) members.set(user.id, user);
    for (const { author } of messages) if (author && !this.#others.has(author.id)) members.set(author.id, author);
    const others = [...this.#others.values()].filter(({ id }) => !members.has(id));
    const ranked = [...members.values(), ...(query ? others : [])].flatMap((known) => {
      const person = store.people.get(known.id) ?? known;
      const found = query ? bestMatch(query, person.name, person.handle) : { rank: 0, ranges: [] };
      if (!found) return [];
      const isMember = members.has(person.id);
      const isOnline = here.has(personKey({ user: person, guest: null }));
      const isSelf = person.id === store.you.user?.id;
      const order = [isMember ? 0 : 1, isSelf && !query ? 1 : 0, found.rank, -(spokeAt.get(person.id) ?? 0), isOnline ? 0 : 1];
      return [{ order, option: personOption(person, { ...found, isOutside: !isMember && this.#hasAllMembers, isOnline }) }];
    });
    ranked.sort((a, b) => compareOrder(a.order, b.order) || a.option.name.localeCompare(b.option.name));
    const groups = isModerator(state?.role) ? groupOptions(query) : [];
    // A name that is complete, and a space: what follows is the text of the message.
    const isComplete = query.endsWith(" ") && ranked.some(({ option }) => option.typed.toLowerCase() === query.trim().toLowerCase());
    if (isComplete) return [];
    const people = ranked.slice(0, MAX_OPTIONS - groups.length).map(({ option }) => option);
    return groups.some(({ typed }) => typed === query) ? [...groups, ...people].slice(0, MAX_OPTIONS) : [...people, ...groups];
  }
}

/**
 * @param {Person} person
 * @param {{ranges: Range[], isOutside: boolean, isOnline: boolean}} found
 * @returns {Option}
 */
function personOption(person, { ranges, isOutside, isOnline }) {
  const { handle, id, name } = person;
  const beside = [handle === name ? "" : `@${handle}`, isOutside ? phrase("not_in_room") : ""];
  const detail = beside.filter(Boolean).join(" · ");
  return { key: `u:${id}`, name, detail, text: `@${handle} `, typed: handle, ranges, person, isOnline };
}

/** @param {string} query @returns {Option[]} */
function groupOptions(query) {
  return Object.entries(GROUPS).flatMap(([word, detail]) =>
    word.startsWith(query.toLowerCase())
      ? [{ key: word, name: `@${word}`, detail: phrase(detail), text: `@${word} `, typed: word, ranges: [], sign: "📣" }]
      : [],
  );
}
