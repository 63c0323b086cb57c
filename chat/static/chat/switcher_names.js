/** The rooms and people that the quick switcher can list: those that the page knows, and those that the server found. */

import { CommandError, command } from "./protocol.js";
import { entryOfListedRoom, entryOfPerson, entryOfRoom } from "./switcher_candidates.js";
import { findEntries } from "./switcher_entries.js";

/**
 * @import { RecentRooms } from "./recent_rooms.js"
 * @import { Connection } from "./socket.js"
 * @import { Store } from "./store.js"
 * @import { Entry } from "./switcher_candidates.js"
 * @import { Found } from "./switcher_entries.js"
 */

/** With fewer rooms than this, people and other rooms are listed also before anything is typed. */
const FEW = 5;

export class SwitcherNames {
  #store;
  #connection;
  #recent;
  /** What the server has found since the switcher was opened. @type {Map<string, Entry>} by key */
  #found = new Map();

  /** @param {{store: Store, connection: Connection, recent: RecentRooms}} tab */
  constructor({ store, connection, recent }) {
    this.#store = store;
    this.#connection = connection;
    this.#recent = recent;
  }

  /** Forget what the server has found. */
  forget() {
    this.#found.clear();
  }

  /** Ask the server for rooms and people. @param {string} query without a sign */
  async ask(query) {
    // A guest may not.
    if (!this.#connection.online || !this.#store.you.user) return;
    try {
      const people = this.#connection.request(command.people(query));
      const rooms = this.#connection.request(command.browse(query));
      await Promise.all([
        people.then((reply) => this.#add(reply.people.map(entryOfPerson))),
        rooms.then((reply) => this.#add(reply.rooms.map(entryOfListedRoom))),
      ]);
    } catch (error) {
      // What the page knows is listed.
      if (!(error instanceof CommandError)) throw error;
    }
  }

  /**
   * What is listed for a query, the best first.
   * @param {string} query as it was typed
   * @param {string | undefined} except the slug of a room that is not listed
   * @returns {(Entry & Found)[]}
   */
  find(query, except) {
    const known = [...this.#store.rooms.values()].map((room) => entryOfRoom(room, this.#store.you));
    const own = known.filter(({ slug }) => slug !== except);
    const keys = new Map(known.map(({ slug, key }) => [slug, key]));
    const listed = new Set(known.map(({ key }) => key));
    const areOthersListed = query.trim() || own.length < FEW;
    const others = areOthersListed ? [...this.#found.values()].filter(({ key }) => !listed.has(key)) : [];
    return findEntries(query, [...own, ...others], this.#recent.all.map((slug) => keys.get(slug) ?? slug));
  }

  /** @param {Entry[]} entries that the server has found */
  #add(entries) {
    for (const entry of entries) this.#found.set(entry.key, entry);
  }
}
