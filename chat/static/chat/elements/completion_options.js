/** What the composer offers to complete a name: people, rooms, emoji and commands, from the page and from the server. */

import { loadEmoji } from "../emoji/emoji_list.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { offeredCommands } from "../slash_commands.js";
import { MAX_OPTIONS, bestMatch, compareOrder } from "./completion_match.js";
import { CompletionPeople } from "./completion_people.js";

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

export class CompletionOptions {
  #context;
  #people;
  /** @type {Map<string, ListedRoom>} rooms that are not in the reader's list */
  #rooms = new Map();
  /** @type {EmojiList | null} */
  #emoji = null;

  /** @param {RoomContext} context */
  constructor(context) {
    this.#context = context;
    this.#people = new CompletionPeople(context);
  }

  /** What is known for a trigger, the best first. @param {Trigger} trigger @returns {Option[]} */
  of({ kind, query }) {
    if (kind === "person") return this.#people.of(query);
    return { room: this.#roomsFor, emoji: this.#emojiFor, command: this.#commandsFor }[kind].call(this, query);
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
      if (kind === "person") await this.#people.ask(query);
      if (kind === "room" && query) await this.#askRooms(query);
      return true;
    } catch (error) {
      // What the page knows is listed. The list of emoji can be missing without a network.
      if (error instanceof CommandError || kind === "emoji") return false;
      throw error;
    }
  }

  /** @param {string} query */
  async #askRooms(query) {
    const { rooms } = await this.#context.connection.request(command.browse(query));
    for (const room of rooms) this.#rooms.set(room.slug, room);
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

/** @param {RoomState | ListedRoom} room @param {Range[]} ranges @returns {Option} */
function roomOption({ kind, name, slug, topic }, ranges) {
  return { key: slug, name, detail: topic, text: `#${slug} `, typed: slug, ranges, roomKind: kind };
}

/** @param {string} name @param {string} query @returns {Range[]} */
function rangesIn(name, query) {
  const at = name.indexOf(query.toLowerCase());
  return at < 0 ? [] : [[at, at + query.length]];
}
