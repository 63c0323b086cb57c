/** Until when a moderator keeps the reader from writing: in one room, or in the whole site. */

export class PersonMutes {
  /** @type {Map<string | null, number>} by room, null for the whole site: the end, in ms since 1970 */
  #ends = new Map();

  /** @param {string | null} room @param {string | null} until ISO 8601; null: not muted */
  set(room, until) {
    if (until === null) this.#ends.delete(room);
    else this.#ends.set(room, Date.parse(until));
  }

  /** When the reader may write in a room again; null: they may now. @param {string} room @returns {Date | null} */
  endOf(room) {
    const end = Math.max(this.#ends.get(room) ?? 0, this.#ends.get(null) ?? 0);
    return end > Date.now() ? new Date(end) : null;
  }
}
