/** The rooms that a person has seen last, the latest first. The browser stores them for all of the person's tabs. */

import { storageKey } from "./storage_keys.js";

const MAX_ROOMS = 30;

export class RecentRooms {
  #storage;
  #key;

  /** @param {Storage} storage @param {string} owner a person's key */
  constructor(storage, owner) {
    this.#storage = storage;
    this.#key = storageKey("recent", owner);
  }

  /** @returns {string[]} slugs */
  get all() {
    try {
      const slugs = JSON.parse(this.#storage.getItem(this.#key) ?? "[]");
      return Array.isArray(slugs) ? slugs.filter((slug) => typeof slug === "string") : [];
    } catch {
      return [];
    }
  }

  /** @param {string} room a slug */
  add(room) {
    const slugs = [room, ...this.all.filter((slug) => slug !== room)].slice(0, MAX_ROOMS);
    try {
      this.#storage.setItem(this.#key, JSON.stringify(slugs));
    } catch {
      // The storage is full: the list stays as it was.
    }
  }
}
