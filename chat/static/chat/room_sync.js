/**
 * Keeps the page's copy of its room up to date: asks `open … since` when the connection is back, and when an event
 * shows that changes are missing. After that the outbox may send.
 */

import { Emitter } from "./emitter.js";
import { CommandError, command } from "./protocol.js";
import { Timer } from "./timer.js";

/**
 * @import { Connection } from "./socket.js"
 * @import { Store } from "./store.js"
 */

const AGAIN_MS = 1_000;
/** After these errors the connection is made again, and then the room is asked for again. */
const RECONNECTS = new Set(["lost", "timeout"]);

/**
 * @typedef {object} RoomSyncEvents
 * @property {[]} ready the copy is up to date
 * @property {[boolean]} gone whether the reader may no longer see the room
 */

/** @extends {Emitter<RoomSyncEvents>} */
export class RoomSync extends Emitter {
  /** Whether the copy was brought up to date once. */
  isReady = false;
  /** Whether `open` was sent: the server may send events of the room. */
  isAsked = false;
  /** Why the latest question failed. @type {CommandError | null} */
  error = null;
  /** Resolves when the latest question is answered. */
  asking = Promise.resolve();
  #isAsking = false;
  #again = false;
  #store;
  #connection;
  #room;
  #at;
  #signal;
  #timer;

  /**
   * @param {object} context
   * @param {Store} context.store
   * @param {Connection} context.connection
   * @param {string} context.room
   * @param {"unread" | number} context.at which page to ask for the first time: the id of a message, or `unread`
   * @param {AbortSignal} context.signal
   */
  constructor({ store, connection, room, at, signal }) {
    super();
    this.#at = at;
    this.#store = store;
    this.#connection = connection;
    this.#room = room;
    this.#signal = signal;
    this.#timer = new Timer(() => this.ask(), signal);
    connection.on("state", ({ name }) => name === "online" && this.ask(), { signal });
    store.on("gap", (event) => event.room === room && this.ask(), { signal });
    store.on("removed", (event) => event.room === room && this.ask(), { signal });
  }

  /** Ask for the missing changes; one question at a time. */
  async ask() {
    this.#again = this.#isAsking;
    if (this.#isAsking || !this.#connection.online) return;
    this.#isAsking = true;
    this.asking = this.#open();
    try {
      await this.asking;
    } finally {
      this.#isAsking = false;
    }
    if (this.#again) this.#timer.start(AGAIN_MS);
  }

  async #open() {
    const copy = this.#store.copy(this.#room);
    let reply;
    this.isAsked = true;
    try {
      reply = await this.#connection.request(command.open(this.#room, copy, this.isReady ? undefined : this.#at));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.error = error;
      if (this.#signal.aborted) return;
      if (error.code === "not_found") this.emit("gone", true);
      else if (!RECONNECTS.has(error.code)) this.#timer.start((error.retryAfter ?? 1) * 1000);
      return;
    }
    this.error = null;
    this.#store.applyOpen(reply);
    if (this.#signal.aborted) return;
    this.isReady = true;
    this.emit("gone", false);
    this.emit("ready");
  }
}
