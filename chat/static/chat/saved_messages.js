/** Which messages the person has saved for later, with their reminders. State only; private to the person. */

import { Emitter } from "./emitter.js";
import { CommandError, command } from "./protocol.js";

/**
 * @import { Connection } from "./socket.js"
 * @import { Store } from "./store.js"
 * @import { Saved } from "./wire.d.ts"
 *
 * @typedef {object} SavedEvents
 * @property {[]} change
 * @property {[number]} due the id of a message that the person is reminded of now
 */

/** @extends {Emitter<SavedEvents>} */
export class SavedMessages extends Emitter {
  /** @type {Map<number, Saved>} by the id of the message */
  #saved = new Map();
  #connection;

  /** @param {Store} store @param {Connection} connection */
  constructor(store, connection) {
    super();
    this.#connection = connection;
    store.on("saved", ({ message, saved }) => this.#changed(message, saved));
    if (!store.you.user) return;
    connection.on("state", ({ name }) => name === "online" && void this.#ask());
  }

  /** @param {number} message an id @returns {Saved | undefined} */
  get(message) {
    return this.#saved.get(message);
  }

  get size() {
    return this.#saved.size;
  }

  /** How many have a reminder that has come. */
  get dueCount() {
    return [...this.#saved.values()].filter(({ is_due: isDue }) => isDue).length;
  }

  /** @param {number} message @param {Saved | null} saved */
  #changed(message, saved) {
    const wasDue = this.#saved.get(message)?.is_due ?? false;
    if (saved) this.#saved.set(message, saved);
    else this.#saved.delete(message);
    this.emit("change");
    if (saved?.is_due && !wasDue) this.emit("due", message);
  }

  /** After each connection: what came while there was none is missing. */
  async #ask() {
    try {
      const { saved } = await this.#connection.request(command.saved());
      this.#saved = new Map(saved.map((each) => [each.message, each]));
      this.emit("change");
    } catch (error) {
      // Without a connection the next one asks again.
      if (!(error instanceof CommandError)) throw error;
    }
  }
}
