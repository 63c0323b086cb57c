/** What the composer offers to complete a name: people, rooms, emoji and commands, from the page and from the server. */

import { loadEmoji } from "../emoji/emoji_list.js";
import { nameMatcher } from "../name_match.js";
import { isModerator } from "../permissions.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { personKey } from "../senders.js";
import { offeredCommands } from "../slash_commands.js";

/**
 * @import { EmojiList } from "../emoji/emoji_list.js"
 * @import { Range } from "../name_match.js"
 * @import { RoomContext } from "../room_view.js"
 * @import { ListedRoom, Person, RoomState } from "../wire.d.ts"
 * @import { Trigger } from "../writing/trigger.js"
 *
 * @typedef {object} Option
 * @property {string} key unique in a list
 * @property {string} name
 * @property {string} [usage] what is written after the name of a command
 * @property {string} detail
 * @property {string} text what the sign and the query are replaced by
 * @property {string} typed the query that means exactly this option
 * @property {Range[]} ranges what of the name was matched
 * @property {Person} [person]
 * @property {boolean} [isOnline]
 * @property {string} [sign] shown before the name
 * @property {string} [roomKind]
 */

export const MAX_OPTIONS = 8;
/** After this time the members are asked for again, when they are needed. */
const MEMBERS_FRESH_MS = 60_000;
/** Names for everyone in a room, and their phrases. */
const GROUPS = { all: "mention_all", here: "mention_here" };

export class CompletionOptions {
  #context;
  /** @type {Map<number, Person>} members of the room that the server named */
  #members = new Map();
  /** @type {Map<number, Person>} people who are no members, as far as the server said */
  #others = new Map();
  /** @type {Map<string, ListedRoom>} rooms that are not in the reader's list */
  #rooms = new Map();
  /** @type {EmojiList | null} */
  #emoji = null;
  #membersAt = -Infinity;
  /** Whether the server named all members: then who is not among them is none. */
  #hasAllMembers = false;

  /** @param {RoomContext} context */
  constructor(context) {
    this.#context = context;
  }

  /** What is known for a trigger, the best first. @param {Trigger} trigger @returns {Option[]} */
  of({ kind, query }) {
    return { person: this.#peopleFor, room: this.#roomsFor, emoji: this.#emojiFor, command: this.#commandsFor }[kind].call(this, query);
  }

  /**
   * Ask for more.
   * @param {Trigger} trigger
   * @returns {Promise<boolean>} whether more may be known now
   */
  async ask({ kind, query }) {
    const { connection, store } = this.#context;
    try {
      if (kind === "emoji") await this.#context.customEmoji.load();
      if (kind === "emoji") this.#emoji = await loadEmoji(this.#context.urls.emoji);
      if (!connection.online || !store.you.user) return kind === "emoji";
      if (kind === "person") await this.#askPeople(query);
      if (kind === "room" && query) await this.#askRooms(query);
      return true;
    } catch (error) {
      // What the page knows is listed. The list of emoji can be missing without a network.
      if (error instanceof CommandError || kind === "emoji") return false;
      throw error;
    }
  }

  /** @param {string} query */
  async #askPeople(query) {
    const { connection, room, store } = this.#context;
    const isDirect = store.rooms.get(room)?.kind === "direct";
    const search = query.trim();
    const isFresh = performance.now() - this.#membersAt < MEMBERS_FRESH_MS;
    const asked = !search || !isFresh ? ["", search] : [search];
    const people = search ? connection.request(command.people(search)) : null;
    for (const each of new Set(isDirect ? [] : asked)) {
      const { members, more } = await connection.request(command.members(room, each));
      for (const { person } of members) this.#members.set(person.id, person);
      if (each) continue;
      this.#membersAt = performance.now();
      this.#hasAllMembers = !more;
    }
    for (const person of (await people)?.people ?? []) this.#others.set(person.id, person);
  }

  /** @param {string} query */
  async #askRooms(query) {
    const { rooms } = await this.#context.connection.request(command.browse(query));
    for (const room of rooms) this.#rooms.set(room.slug, room);
  }

  /** @param {string} query */
  #peopleFor(query) {
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

  /** @param {string} query */
  #roomsFor(query) {
    const { room: here, store } = this.#context;
    const listed = [...store.rooms.values()].filter(({ kind }) => kind !== "direct");
    const known = new Map([...this.#rooms, .../** @type {[string, RoomState | ListedRoom][]} */ (listed.map((each) => [each.slug, each]))]);
    const found = [...known.values()].flatMap((room) => {
      const match = query ? bestMatch(query, room.name, room.slug) : { rank: 0, ranges: [] };
      const order = match && [match.rank, store.rooms.has(room.slug) ? 0 : 1, room.slug === here ? 1 : 0];
      return order ? [{ order, option: roomOption(room, match.ranges) }] : [];
    });
    found.sort((a, b) => compareOrder(a.order, b.order) || a.option.name.localeCompare(b.option.name));
    return found.slice(0, MAX_OPTIONS).map(({ option }) => option);
  }

  /** @param {string} query @returns {Option[]} */
  #emojiFor(query) {
    const asked = query.toLowerCase();
    /** @type {Option[]} */
    const own = this.#context.customEmoji.names
      .filter((name) => name.includes(asked))
      .map((name) => `:${name}:`)
      .map((sign) => ({ key: sign, name: sign, detail: "", text: `${sign} `, typed: "", ranges: rangesIn(sign, query), sign }));
    const found = this.#emoji?.search(query, MAX_OPTIONS) ?? [];
    const all = found.map(({ emoji, name }) => ({
      key: emoji.emoji,
      name: `:${name}:`,
      detail: emoji.words[0] ?? "",
      text: `${emoji.emoji} `,
      typed: "",
      ranges: rangesIn(`:${name}:`, query),
      sign: emoji.emoji,
    }));
    return [...own.slice(0, MAX_OPTIONS / 2), ...all].slice(0, MAX_OPTIONS);
  }

  /** @param {string} query @returns {Option[]} */
  #commandsFor(query) {
    const asked = query.toLowerCase();
    const offered = offeredCommands(this.#context).filter(({ name }) => name.startsWith(asked));
    return offered.map(({ does, name, usage }) => ({
      key: name,
      name: `/${name}`,
      usage: usage ? phrase(usage) : "",
      detail: phrase(does),
      text: `/${name} `,
      typed: name,
      ranges: [[1, 1 + asked.length]],
    }));
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

/** @param {RoomState | ListedRoom} room @param {Range[]} ranges @returns {Option} */
function roomOption({ kind, name, slug, topic }, ranges) {
  return { key: slug, name, detail: topic, text: `#${slug} `, typed: slug, ranges, roomKind: kind };
}

/**
 * How well a name or a handle fits; names with typing errors and queries of several words only by the name.
 * @param {string} query
 * @param {string} name
 * @param {string} handle
 * @returns {{rank: number, ranges: Range[]} | null}
 */
function bestMatch(query, name, handle) {
  const match = nameMatcher(query);
  const [byName, byHandle] = [match(name), match(handle)];
  const isSentence = query.includes(" ");
  // What follows a name is the text of the message, unless it goes on with the name.
  if (isSentence) return byName && byName.rank <= 1 ? byName : null;
  if (byHandle && !(byName && byName.rank <= byHandle.rank)) return { rank: byHandle.rank, ranges: [] };
  return byName;
}

/** @param {string} name @param {string} query @returns {Range[]} */
function rangesIn(name, query) {
  const at = name.indexOf(query.toLowerCase());
  return at < 0 ? [] : [[at, at + query.length]];
}

/** @param {readonly number[]} a @param {readonly number[]} b */
function compareOrder(a, b) {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
