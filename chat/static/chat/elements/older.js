/** Loads older messages before the reader gets to the top, also when the first page does not fill the screen. */

import { now } from "../clock.js";
import { command } from "../protocol.js";

const PAUSE_MS = 2_000;

export class Older {
  #busy = false;
  #notBefore = 0;

  /**
   * @param {object} parts
   * @param {import("../store.js").Store} parts.store
   * @param {import("../socket.js").Connection} parts.connection
   * @param {import("./scroller.js").Scroller} parts.scroller
   * @param {string} parts.room a slug
   * @param {() => void} parts.drawNow whether the top is near shows when the page is drawn
   */
  constructor({ store, connection, scroller, room, drawNow }) {
    Object.assign(this, { store, connection, scroller, room, drawNow });
    scroller.on("move", () => this.look());
  }

  /** Load pages as long as the top is near. */
  async look() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#wanted) await this.#load();
    } catch (error) {
      // A refusal or a broken connection: the next look is on scrolling, or when we are back.
      this.#notBefore = now() + (error.retryAfter ? error.retryAfter * 1000 : PAUSE_MS);
    } finally {
      this.#busy = false;
    }
  }

  get #wanted() {
    const copy = this.store.copy(this.room);
    return copy?.more && this.connection.online && this.scroller.nearTop && now() >= this.#notBefore;
  }

  async #load() {
    const before = this.store.copy(this.room).floor;
    const page = await this.connection.request(command.history(this.room, before));
    this.store.applyHistory(page, before);
    this.drawNow();
  }
}
