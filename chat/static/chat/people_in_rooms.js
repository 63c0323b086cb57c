/** Who has each room open, and who is typing there. Pure. */

import { now } from "./clock.js";
import { Presence, Typing } from "./people.js";

/** @import { You } from "./wire.d.ts" */

export class PeopleInRooms {
  /** @type {Map<string, Presence>} */
  #presence = new Map();
  /** @type {Map<string, Typing>} */
  #typing = new Map();
  #nameOf;

  /** @param {(you: You) => string} nameOf the name of a person for the reader */
  constructor(nameOf) {
    this.#nameOf = nameOf;
  }

  /** @param {string} room a slug @returns {Presence} */
  presence(room) {
    return getOrMake(this.#presence, room, () => new Presence(this.#nameOf));
  }

  /** @param {string} room a slug @returns {Typing} */
  typing(room) {
    return getOrMake(this.#typing, room, () => new Typing(now, this.#nameOf));
  }

  /** The page no longer watches a room. @param {string} room a slug */
  forget(room) {
    this.#presence.delete(room);
    this.#typing.delete(room);
  }
}

/** @template Value @param {Map<string, Value>} map @param {string} key @param {() => Value} make @returns {Value} */
function getOrMake(map, key, make) {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
