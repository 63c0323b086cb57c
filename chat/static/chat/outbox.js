/**
 * Messages that were written and are not stored on the server yet. They are sent in order, one at a time; one whose files
 * are still being uploaded does not hold up later ones. A message leaves the outbox when the server has stored it. Sending it twice is harmless: the server stores a `client_id` once.
 */

import { now } from "./clock.js";
import { Emitter } from "./emitter.js";
import { OutboxItems } from "./outbox_items.js";
import { CommandError } from "./protocol.js";
import { storageKey } from "./storage_keys.js";
import { wait } from "./timer.js";

/**
 * @import { Item } from "./outbox_items.js"
 * @import { MessageReply, OwnHeldMessage } from "./wire.d.ts"
 */

/** How long another tab has to send its own message, before this tab sends it. */
const OTHER_TAB_MS = 2_000;
const RETRY_FIRST_S = 1;
const RETRY_LONGEST_S = 15;
/** Errors that leave it unknown whether the message is stored: it is sent again with the same client_id. */
const UNKNOWN_OUTCOME = new Set(["lost", "timeout", "unavailable"]);

/**
 * @typedef {object} OutboxEvents
 * @property {[]} change the list may have changed
 * @property {[MessageReply]} stored
 * @property {[{item: Item, error: CommandError}]} delayed the room accepts the message only later
 * @property {[{item: Item, isStored: boolean}]} removed the message left the outbox: it is stored, or was discarded
 *
 * @typedef {object} Parts
 * @property {Storage} storage
 * @property {string} owner a person's key: other people who use this browser have their own outbox
 * @property {(item: Item) => Promise<MessageReply>} send posts; throws a CommandError
 * @property {(item: Item) => boolean} [isReady] whether the message can be sent: its files are uploaded
 * @property {(work: () => Promise<number | null>) => Promise<number | null>} [lock] runs the work of one tab at a time
 * @property {(ms: number) => Promise<void>} [sleep]
 * @property {() => number} [now] monotonic milliseconds
 */

/** @extends {Emitter<OutboxEvents>} */
export class Outbox extends Emitter {
  #items;
  #send;
  #isReady;
  #lock;
  #sleep;
  #now;
  #isRunning = false;
  #isSending = false;
  /** Whether to read the list again after the current send or pause. */
  #again = false;
  #failures = 0;
  /** Ends the pause before the next try. */
  #endPause = () => {};
  /** @type {Map<string, number>} by room, when it accepts messages again after `slow_down`, in ms of `now` */
  #delayedUntil = new Map();

  /** @param {Parts} parts */
  constructor({ storage, owner, send, isReady = () => true, lock = (work) => work(), sleep = wait, now: clock = now }) {
    super();
    this.key = storageKey("outbox", owner);
    this.#items = new OutboxItems(storage, this.key);
    this.#send = send;
    this.#isReady = isReady;
    this.#lock = lock;
    this.#sleep = sleep;
    this.#now = clock;
  }

  /**
   * The messages of a room, or of a thread in it; without a room all messages.
   * @param {string} [room]
   * @param {number | null} [thread] the id of its first message; null: those that are in no thread
   * @returns {Item[]} oldest first
   */
  items(room, thread = null) {
    const items = this.#items.load();
    return room === undefined ? items : items.filter((item) => item.room === room && (item.thread ?? null) === thread);
  }

  /** Add a message, unless another tab has added the same draft. @param {Omit<Item, "state">} item */
  add(item) {
    if (!this.#items.has(item.client_id)) {
      this.#items.save([...this.#items.load(), { ...item, state: "waiting" }]);
      this.emit("change");
    }
    this.#sendAll();
  }

  /** The server has stored a message. @param {string} clientId */
  confirm(clientId) {
    this.#remove(clientId, true);
  }

  /** @param {string} clientId */
  discard(clientId) {
    this.#remove(clientId, false);
  }

  /** A message cannot be sent. @param {string} clientId @param {string} reason a sentence for a person */
  fail(clientId, reason) {
    if (this.#items.has(clientId)) this.#update(clientId, { state: "failed", reason });
  }

  /** A message may be ready to be sent now. */
  check() {
    this.#sendAll();
  }

  /** Send a failed message again; it keeps its place in the order. @param {string} clientId */
  retry(clientId) {
    this.#update(clientId, { state: "waiting", reason: undefined });
    this.#sendAll();
  }

  /** A filter holds a message of this person: add it, if another device has sent it. @param {OwnHeldMessage} message */
  addHeld({ client_id, room, thread, in_room, body, reply_to, silent, poll, files, at }) {
    if (this.#items.has(client_id)) return;
    const parts = { ...(poll && { poll }), ...(silent && { silent }), ...(thread !== null && { thread, in_room }) };
    const item = { client_id, room, body, reply_to, at, ...parts, isFromElsewhere: true, fileNames: files };
    this.#items.save([...this.#items.load(), { ...item, state: "held" }]);
    this.emit("change");
  }

  /** Start to send. Called when there is a connection and the shown room is up to date. */
  resume() {
    this.#isRunning = true;
    this.#sendAll();
  }

  pause() {
    this.#isRunning = false;
  }

  /** Another tab changed the list. That tab sends what it added; this one sends it only if the other one does not. */
  async refresh() {
    this.emit("change");
    await this.#sleep(OTHER_TAB_MS);
    if (this.#items.load().length) this.#sendAll();
  }

  async #sendAll() {
    this.#again = true;
    this.#endPause();
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      while (this.#isRunning && this.#again) {
        this.#again = false;
        const waitMs = await this.#lock(() => this.#sendFirst());
        if (waitMs) await this.#pauseFor(waitMs);
        if (waitMs !== null) this.#again = true;
      }
    } finally {
      this.#isSending = false;
    }
    // `resume` may have been called while the last send failed.
    if (this.#isRunning && this.#again) this.#sendAll();
  }

  /** @param {number} ms */
  #pauseFor(ms) {
    /** @type {Promise<void>} */
    const ended = new Promise((resolve) => (this.#endPause = resolve));
    return Promise.race([this.#sleep(ms), ended]);
  }

  /**
   * Send the first message that may be sent now.
   * @returns {Promise<number | null>} ms until the next one may be sent; null when none is left
   */
  async #sendFirst() {
    if (!this.#isRunning) return null;
    const time = this.#now();
    const waiting = this.#items.load().filter((item) => item.state === "waiting");
    const ready = waiting.filter((item) => this.#isReady(item));
    const item = ready.find(({ room }) => this.#releasedAt(room) <= time);
    if (!item) return ready.length ? Math.min(...ready.map(({ room }) => this.#releasedAt(room))) - time : null;
    let reply;
    try {
      reply = await this.#send(item);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return this.#failed(item, error);
    }
    this.#failures = 0;
    this.emit("stored", reply);
    this.confirm(item.client_id);
    return 0;
  }

  /** @param {string} room @returns {number} when it accepts messages, in ms of `now` */
  #releasedAt(room) {
    return this.#delayedUntil.get(room) ?? 0;
  }

  /** @param {Item} item @param {CommandError} error @returns {number} ms to wait before the next */
  #failed(item, error) {
    if (UNKNOWN_OUTCOME.has(error.code)) {
      this.#failures += 1;
      return Math.min(RETRY_LONGEST_S, RETRY_FIRST_S * 2 ** (this.#failures - 1)) * 1000;
    }
    if (error.code === "slow_down") {
      this.#delayedUntil.set(item.room, this.#now() + (error.retryAfter ?? 1) * 1000);
      this.emit("delayed", { item, error });
    } else if (error.code === "held") {
      this.#update(item.client_id, { state: "held", reason: undefined });
    } else if (error.code === "signed_out") {
      this.pause();
    } else {
      this.#update(item.client_id, { state: "failed", reason: error.detail || error.code });
    }
    return 0;
  }

  /** @param {string} clientId @param {boolean} isStored */
  #remove(clientId, isStored) {
    const item = this.#items.load().find((each) => each.client_id === clientId);
    if (!item) return;
    this.#items.remove(clientId);
    this.emit("change");
    this.emit("removed", { item, isStored });
  }

  /** @param {string} clientId @param {Partial<Item>} fields */
  #update(clientId, fields) {
    this.#items.update(clientId, fields);
    this.emit("change");
  }
}
