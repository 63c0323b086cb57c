/** What a person has searched for last, the latest first. It is kept in this browser, and deleted when they sign out. */

import { storageKey } from "../storage_keys.js";

const MAX_SEARCHES = 8;
const MAX_LENGTH = 300;

export class RecentSearches {
  #storage;
  #key;

  /** @param {Storage} storage @param {string} owner a person's key */
  constructor(storage, owner) {
    this.#storage = storage;
    this.#key = storageKey("searches", owner);
  }

  /** @returns {string[]} */
  get all() {
    try {
      const texts = JSON.parse(this.#storage.getItem(this.#key) ?? "[]");
      return Array.isArray(texts) ? texts.filter((text) => typeof text === "string").slice(0, MAX_SEARCHES) : [];
    } catch {
      return [];
    }
  }

  /** @param {string} text */
  add(text) {
    const added = text.trim().slice(0, MAX_LENGTH);
    if (added) this.#store([added, ...this.all.filter((each) => each !== added)].slice(0, MAX_SEARCHES));
  }

  /** @param {string} text */
  remove(text) {
    this.#store(this.all.filter((each) => each !== text));
  }

  /** @param {string[]} texts */
  #store(texts) {
    try {
      this.#storage.setItem(this.#key, JSON.stringify(texts));
    } catch {
      // The storage is full: the list stays as it was.
    }
  }
}
