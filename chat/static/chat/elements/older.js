/** Loads older messages before the reader gets to the top, also when the first page does not fill the screen. */

import { now } from "../clock.js";
import { command } from "../protocol.js";

const PAUSE_MS = 2_000;
/** The server gives no more at once. */
const HISTORY_LARGEST_PAGE = 100;
/** A message further back than this is not loaded: the page would hold all that came after it. */
const PAGES_MOST = 50;
const SEQS_MOST = 20_000;

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

  /**
   * Load pages until a message is there.
   * @param {number} id
   * @param {number} [seq] its place, if that is known: one that is too far back is not tried
   * @returns {Promise<boolean>} whether it is there
   */
  async loadTo(id, seq) {
    const copy = () => this.store.copy(this.room);
    if (seq !== undefined && copy().floor - seq > SEQS_MOST) return false;
    return this.loadUntil(() => copy().get(id) !== undefined).catch(() => false);
  }

  /**
   * Load pages until `isHere`, at most PAGES_MOST of them. On a page that is still connecting, this waits for it.
   * @param {() => boolean} isHere
   * @returns {Promise<boolean>} whether it is here
   * @throws {import("../protocol.js").CommandError}
   */
  async loadUntil(isHere) {
    for (let page = 0; page < PAGES_MOST && this.store.copy(this.room).more && !isHere(); page++) {
      try {
        await this.connection.whenOnline();
        await this.#load(HISTORY_LARGEST_PAGE);
      } catch (error) {
        // Asked too often: it is not far, so wait.
        if (!error.retryAfter) throw error;
        await new Promise((resolve) => setTimeout(resolve, error.retryAfter * 1000));
      }
    }
    return isHere();
  }

  get #wanted() {
    const copy = this.store.copy(this.room);
    return copy?.more && this.connection.online && this.scroller.nearTop && now() >= this.#notBefore;
  }

  async #load(limit) {
    const before = this.store.copy(this.room).floor;
    const page = await this.connection.request(command.history(this.room, before, limit));
    this.store.applyHistory(page, before);
    this.drawNow();
  }
}
