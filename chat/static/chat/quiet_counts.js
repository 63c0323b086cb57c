/**
 * How many of the unread messages came silently while the page was open. They count in the list of rooms, but not in the
 * title of the tab, which calls the person.
 */

import { countOf } from "./room_states.js";

export class QuietCounts {
  /** @type {Map<string, number>} by slug */
  #counts = new Map();

  /** @param {string} room a slug @param {number} count of silent messages that came */
  add(room, count) {
    if (count > 0) this.#counts.set(room, (this.#counts.get(room) ?? 0) + count);
  }

  /**
   * The rooms have other counts: what was read is not counted any more.
   * @param {(slug: string) => Parameters<typeof countOf>[0] | undefined} stateOf a room; undefined if it is not listed
   */
  update(stateOf) {
    for (const [slug, count] of this.#counts) {
      const state = stateOf(slug);
      const left = Math.min(count, state ? countOf(state) : 0);
      if (left > 0) this.#counts.set(slug, left);
      else this.#counts.delete(slug);
    }
  }

  get total() {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }
}
