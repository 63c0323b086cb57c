/** The people and rooms that a filter of a search can name: those that the page knows, and people whom the server found. */

import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { personKey } from "../senders.js";
import { OPERATORS } from "./suggestions.js";

/**
 * @import { Connection } from "../socket.js"
 * @import { Store } from "../store.js"
 * @import { Person } from "../wire.d.ts"
 * @import { Typed } from "./query_text.js"
 * @import { Named } from "./suggestions.js"
 */

const SHORTEST_NAME = 2;
/** The limit of the command. */
const LONGEST_NAME = 80;

export class SearchNames {
  #store;
  #connection;
  /** People whom the server found. @type {Map<number, Person>} */
  #found = new Map();

  /** @param {{store: Store, connection: Connection}} tab */
  constructor({ store, connection }) {
    this.#store = store;
    this.#connection = connection;
  }

  /** People by their names; first the reader, as `me`, unless they are a guest. @returns {Named[]} */
  get people() {
    const { people, you } = this.#store;
    const known = new Map(this.#found);
    for (const person of people.all) known.set(person.id, person);
    const named = [...known.values()].map((person) => namedPerson(person)).sort(byName);
    return you.user ? [{ name: phrase("search_me"), value: "me" }, ...named] : named;
  }

  /** Rooms with a name, by that. @returns {Named[]} */
  get rooms() {
    const rooms = [...this.#store.rooms.values()].filter(({ kind }) => kind !== "direct");
    return rooms.map(({ name, slug, kind }) => ({ name, value: slug, roomKind: kind, detail: slug === name ? "" : slug })).sort(byName);
  }

  /** Ask the server for people, if what is typed may be a name. @param {Pick<Typed, "operator" | "value">} typed @returns {Promise<boolean>} whether it was asked */
  async ask({ operator, value }) {
    const isName = operator ? OPERATORS.get(operator) === "person" : value.length >= SHORTEST_NAME;
    if (!isName || !this.#connection.online || !this.#store.you.user) return false;
    try {
      const { people } = await this.#connection.request(command.people(value.replace(/^@/, "").slice(0, LONGEST_NAME)));
      for (const person of people) this.#found.set(person.id, person);
    } catch (error) {
      // What the page knows is offered.
      if (!(error instanceof CommandError)) throw error;
    }
    return true;
  }
}

/** @param {Named} a @param {Named} b */
function byName(a, b) {
  return a.name.localeCompare(b.name);
}

/** @param {Person} person @returns {Named} */
function namedPerson(person) {
  const { avatar, handle, name } = person;
  const key = personKey({ user: person, guest: null });
  return { name, value: handle, detail: handle === name ? "" : `@${handle}`, key, picture: avatar };
}
