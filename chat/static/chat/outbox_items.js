/** The messages of an outbox. In the browser's storage they survive a reload, and all tabs of a person share them. */

/**
 * @import { ChosenFile } from "./uploads/uploads.js"
 * @import { PostedPoll } from "./wire.d.ts"
 *
 * @typedef {object} Item
 * @property {string} client_id
 * @property {string} room a slug
 * @property {number | null} [thread] the id of the first message of the thread that it is a reply in
 * @property {string} body
 * @property {number | null} reply_to
 * @property {boolean} [in_room] whether the room shows such a reply, too
 * @property {ChosenFile[]} [files] in the order in which they are shown
 * @property {boolean} [silent] it notifies nobody
 * @property {PostedPoll} [poll]
 * @property {string} at when it was written, ISO 8601
 * @property {"waiting" | "failed" | "held"} state held: a filter holds it until a moderator has seen it
 * @property {string} [reason] why it failed, a sentence for a person
 * @property {boolean} [isFromElsewhere] another device has sent it: a filter holds it
 * @property {string[]} [fileNames] of its files, which that device has
 */

export class OutboxItems {
  #storage;
  #key;
  /** @type {Item[] | null} the list, when the storage refuses it (private windows, quota) */
  #memory = null;

  /** @param {Storage} storage @param {string} key */
  constructor(storage, key) {
    this.#storage = storage;
    this.#key = key;
  }

  /** @returns {Item[]} oldest first */
  load() {
    if (this.#memory) return this.#memory;
    try {
      const items = JSON.parse(this.#storage.getItem(this.#key) ?? "[]");
      return Array.isArray(items) ? items : [];
    } catch {
      return [];
    }
  }

  /** @param {Item[]} items */
  save(items) {
    try {
      if (items.length) this.#storage.setItem(this.#key, JSON.stringify(items));
      else this.#storage.removeItem(this.#key);
      this.#memory = null;
    } catch {
      this.#memory = items;
    }
  }

  /** @param {string} clientId */
  has(clientId) {
    return this.load().some((item) => item.client_id === clientId);
  }

  /** @param {string} clientId @param {Partial<Item>} fields */
  update(clientId, fields) {
    this.save(this.load().map((item) => (item.client_id === clientId ? { ...item, ...fields } : item)));
  }

  /** @param {string} clientId */
  remove(clientId) {
    this.save(this.load().filter((item) => item.client_id !== clientId));
  }
}
