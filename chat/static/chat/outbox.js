/**
 * What was sent and is not stored yet. It lies in localStorage, so it survives a reload and is shared by a person's
 * tabs; a message leaves it when the server has it, and `client_id` makes a second delivery harmless.
 *
 * Emits `change` whenever the list may have changed, `stored` with the reply to a post, and `held` {item, error} when
 * the room takes it only later.
 */

import { now } from "./clock.js";
import { Emitter } from "./emitter.js";
import { keptKey } from "./kept.js";

const OTHER_TAB_MS = 2_000;
const UNAVAILABLE_FIRST_S = 1;
const UNAVAILABLE_MOST_S = 15;
/** Errors after which the outcome is unknown: the same client_id is sent again. */
const UNKNOWN_OUTCOME = new Set(["lost", "timeout", "unavailable"]);

/**
 * @typedef {object} Item
 * @property {string} client_id
 * @property {string} room a slug
 * @property {string} body
 * @property {number|null} reply_to
 * @property {string} at when it was written, ISO 8601
 * @property {"waiting"|"failed"} state
 * @property {string} [reason] why it failed, for a person
 */
export class Outbox extends Emitter {
  #key;
  #parts;
  #running = false;
  #pumping = false;
  #again = false;
  #failures = 0;
  /** Ends the pause between two tries early. */
  #nudge = () => {};
  /** When a room takes messages again, in ms of `now`, after it said `slow_down`. */
  #heldUntil = new Map();
  /** The list, when storage refuses (private windows, quota). */
  #memory = null;

  /**
   * @param {object} parts
   * @param {Storage} parts.storage
   * @param {string} parts.owner whose outbox it is: other people on this browser have their own
   * @param {(item: Item) => Promise<object>} parts.send posts and resolves to the reply, or throws a CommandError
   * @param {(work: () => Promise<any>) => Promise<any>} [parts.lock] runs one tab's work at a time
   * @param {(ms: number) => Promise<void>} [parts.sleep]
   * @param {() => number} [parts.now] milliseconds that only grow
   */
  constructor({ storage, owner, send, lock = (work) => work(), sleep = wait, now: clock = now }) {
    super();
    this.#key = keptKey("outbox", owner);
    this.#parts = { storage, send, lock, sleep, now: clock };
  }

  get key() {
    return this.#key;
  }

  /** @param {string} [room] @returns {Item[]} oldest first */
  items(room) {
    const items = this.#load();
    return room === undefined ? items : items.filter((item) => item.room === room);
  }

  /** Put a message in; it is sent as soon as it may be, and once. @param {Omit<Item, "state">} item */
  add(item) {
    const items = this.#load();
    // Another tab may have put in the same draft.
    if (!items.some(({ client_id: id }) => id === item.client_id)) this.#save([...items, { ...item, state: "waiting" }]);
    this.#pump();
  }

  /** The server has this one. Another tab or a fill may have told us. */
  settle(clientId) {
    const items = this.#load();
    if (items.some((item) => item.client_id === clientId)) this.discard(clientId);
  }

  discard(clientId) {
    this.#save(this.#load().filter((item) => item.client_id !== clientId));
  }

  /** Send a failed one again, where it stands in the order. */
  retry(clientId) {
    this.#update(clientId, { state: "waiting", reason: undefined });
    this.#pump();
  }

  /** There is a connection, and the shown room is up to date. */
  resume() {
    this.#running = true;
    this.#pump();
  }

  pause() {
    this.#running = false;
  }

  /** Another tab changed the list. It sends what it put in; only if it cannot, this one does. */
  async refresh() {
    this.emit("change");
    await this.#parts.sleep(OTHER_TAB_MS);
    if (this.#load().length) this.#pump();
  }

  async #pump() {
    this.#again = true;
    this.#nudge();
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#running && this.#again) {
        this.#again = false;
        const waitMs = await this.#parts.lock(() => this.#sendFirst());
        if (waitMs > 0) await this.#rest(waitMs);
        if (waitMs !== null) this.#again = true;
      }
    } finally {
      this.#pumping = false;
    }
    // `resume` may have come while the last send was being given up.
    if (this.#running && this.#again) this.#pump();
  }

  #rest(ms) {
    const nudged = new Promise((resolve) => (this.#nudge = resolve));
    return Promise.race([this.#parts.sleep(ms), nudged]);
  }

  /** Send the first that may go now. @returns {Promise<number|null>} ms until the next may go; null: none is left */
  async #sendFirst() {
    if (!this.#running) return null;
    const now = this.#parts.now();
    const waiting = this.#load().filter((item) => item.state === "waiting");
    const item = waiting.find(({ room }) => (this.#heldUntil.get(room) ?? 0) <= now);
    if (!item) return waiting.length ? Math.min(...waiting.map(({ room }) => this.#heldUntil.get(room))) - now : null;
    try {
      const reply = await this.#parts.send(item);
      this.#failures = 0;
      this.emit("stored", reply);
      this.settle(item.client_id);
      return 0;
    } catch (error) {
      return this.#refused(item, error);
    }
  }

  #refused(item, error) {
    if (UNKNOWN_OUTCOME.has(error.code)) {
      this.#failures += 1;
      return Math.min(UNAVAILABLE_MOST_S, UNAVAILABLE_FIRST_S * 2 ** (this.#failures - 1)) * 1000;
    }
    if (error.code === "slow_down") {
      this.#heldUntil.set(item.room, this.#parts.now() + (error.retryAfter ?? 1) * 1000);
      this.emit("held", { item, error });
    } else if (error.code === "signed_out") {
      this.pause();
    } else {
      this.#update(item.client_id, { state: "failed", reason: error.detail || error.code });
    }
    return 0;
  }

  #update(clientId, fields) {
    this.#save(this.#load().map((item) => (item.client_id === clientId ? { ...item, ...fields } : item)));
  }

  #load() {
    if (this.#memory) return this.#memory;
    try {
      const items = JSON.parse(this.#parts.storage.getItem(this.#key) ?? "[]");
      return Array.isArray(items) ? items : [];
    } catch {
      return [];
    }
  }

  #save(items) {
    try {
      if (items.length) this.#parts.storage.setItem(this.#key, JSON.stringify(items));
      else this.#parts.storage.removeItem(this.#key);
      this.#memory = null;
    } catch {
      this.#memory = items;
    }
    this.emit("change");
  }
}

function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
