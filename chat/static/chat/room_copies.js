/** The copies of rooms that a page has: of rooms that it watches, and of rooms that it has left. Pure. */

import { KeptCopies } from "./kept_copies.js";

/** @import { RoomCopy } from "./room_copy.js" */

export class RoomCopies {
  /** @type {Map<string, RoomCopy>} by slug, of the rooms that the page watches: the server sends their events */
  #watched = new Map();
  #kept = new KeptCopies();

  /** The copy of a room. It may be that of an earlier visit. @param {string} room a slug @returns {RoomCopy | undefined} */
  get(room) {
    return this.#watched.get(room) ?? this.#kept.get(room);
  }

  /** The copy of a room that the page watches. @param {string} room a slug @returns {RoomCopy | undefined} */
  watched(room) {
    return this.#watched.get(room);
  }

  /** The slugs of the rooms that the page watches. */
  get watchedRooms() {
    return this.#watched.keys();
  }

  /** From now on the server's events of a room continue this copy. @param {string} room a slug @param {RoomCopy} copy */
  watch(room, copy) {
    this.#kept.delete(room);
    this.#watched.set(room, copy);
  }

  /** The page no longer watches a room. @param {string} room a slug @param {boolean} keeps whether its copy is kept for the next visit */
  leave(room, keeps) {
    const copy = this.#watched.get(room);
    this.#watched.delete(room);
    if (copy && keeps) this.#kept.put(room, copy);
  }

  /** Drop the copy of a room that was left. @param {string} room a slug */
  forget(room) {
    this.#kept.delete(room);
  }

  /** Drop all copies: the server's versions may have gone back. @returns {string[]} the slugs of their rooms */
  clear() {
    const rooms = [...this.#watched.keys(), ...this.#kept.rooms];
    this.#watched.clear();
    for (const room of this.#kept.rooms) this.#kept.delete(room);
    return rooms;
  }

  /** Drop the copies of rooms that were left and are not among these. @param {ReadonlySet<string>} rooms @returns {string[]} their slugs */
  keepOnly(rooms) {
    return this.#kept.rooms.filter((room) => !rooms.has(room) && this.#kept.delete(room));
  }
}
