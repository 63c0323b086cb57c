/**
 * Notices a connection that died silently: a browser does not tell of a network that drops packets, and does not show
 * the server's pings (RFC 6455 §5.5.2) to the page. So a page that heard nothing for a while asks for an answer.
 */

import { now } from "./clock.js";
import { command } from "./protocol.js";

/** After this silence the page sends `ping`. */
export const SILENCE_MS = 25_000;
/** Without an answer for so long the connection is made anew: with the first try's delay, 35 s after the last sound. */
export const ANSWER_MS = 9_000;
/** The same for someone who looks at the page now, and waits. */
const CHECK_ANSWER_MS = 5_000;
/** What was heard so recently needs no check. */
const FRESH_MS = 2_000;
const TICK_MS = 5_000;
const LEAST_TICK_MS = 1_000;
/** The computer slept when the clock on the wall went on by so much between two ticks. */
const SLEPT_MS = 3 * TICK_MS;

export class Heartbeat {
  #timer = null;
  #asking = false;
  #tickedAt = 0;

  /**
   * @param {import("./socket.js").Connection} connection
   * @param {{now?: () => number, wallNow?: () => number}} [clocks] ms: one that only grows, and that of the wall,
   *   which also goes on while the computer sleeps
   */
  constructor(connection, { now: monotonic = now, wallNow = () => Date.now() } = {}) {
    Object.assign(this, { connection, now: monotonic, wallNow });
    connection.on("state", ({ name }) => {
      clearTimeout(this.#timer);
      if (name === "online") this.#tickLater();
    });
  }

  /** Something happened after which the connection may be dead, or may work again: find out at once. */
  check() {
    if (!this.connection.online) this.connection.wake();
    else if (this.#silenceMs > FRESH_MS) this.#ask(CHECK_ANSWER_MS);
  }

  get #silenceMs() {
    return this.now() - this.connection.heardAt;
  }

  #tickLater() {
    this.#tickedAt = this.wallNow();
    const untilSilent = Math.max(LEAST_TICK_MS, SILENCE_MS - this.#silenceMs);
    this.#timer = setTimeout(() => this.#tick(), Math.min(TICK_MS, untilSilent));
  }

  #tick() {
    const slept = this.wallNow() - this.#tickedAt > SLEPT_MS;
    this.#tickLater();
    if (slept) this.check();
    else if (this.#silenceMs >= SILENCE_MS) this.#ask(ANSWER_MS);
  }

  async #ask(timeoutMs) {
    if (this.#asking) return;
    this.#asking = true;
    try {
      await this.connection.request(command.ping(), timeoutMs);
    } catch {
      // A refusal is an answer as well; after a timeout the connection gives its socket up by itself.
    } finally {
      this.#asking = false;
    }
  }
}
