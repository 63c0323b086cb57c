/**
 * Copies of rooms that the page has left: the next visit shows them at once, and then asks for what changed since. The
 * server sends no events of these rooms, so a kept copy is older than its room. Bounded; pure.
 */

/** @import { RoomCopy } from "./room_copy.js" */

/**
 * The bounds: of each room the newest messages are kept, and of all rooms the last ones that were left. A message counts
 * as the characters of its text and its HTML, and those of its other fields.
 */
export const KEPT = { rooms: 30, messages: 50, characters: 2_000_000 };
const CHARACTERS_OF_FIELDS = 400;

export class KeptCopies {
  /** @type {Map<string, {copy: RoomCopy, characters: number}>} by slug; first the one that was left longest ago */
  #kept = new Map();
  #characters = 0;

  /** @param {string} room a slug @returns {RoomCopy | undefined} */
  get(room) {
    return this.#kept.get(room)?.copy;
  }

  /** The slugs of the rooms, in the order in which they were left. */
  get rooms() {
    return [...this.#kept.keys()];
  }

  /** Keep the end of a copy, and drop those that no longer fit. @param {string} room a slug @param {RoomCopy} copy */
  put(room, copy) {
    this.delete(room);
    copy.trim(KEPT.messages);
    const characters = sizeOf(copy);
    this.#kept.set(room, { copy, characters });
    this.#characters += characters;
    for (const oldest of this.rooms) {
      if (this.#kept.size <= KEPT.rooms && this.#characters <= KEPT.characters) break;
      this.delete(oldest);
    }
  }

  /** @param {string} room a slug @returns {boolean} whether there was one */
  delete(room) {
    this.#characters -= this.#kept.get(room)?.characters ?? 0;
    return this.#kept.delete(room);
  }
}

/** @param {RoomCopy} copy */
function sizeOf({ messages }) {
  return messages.reduce((sum, { html, text }) => sum + html.length + text.length + CHARACTERS_OF_FIELDS, 0);
}
