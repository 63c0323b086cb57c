/**
 * Detects a connection that died silently. Browsers do not report a network that drops packets, and do not show the
 * server's pings (RFC 6455 §5.5.2) to the page. So a page that received nothing for a while sends a `ping` command.
 */

import { now } from "./clock.js";
import { command } from "./protocol.js";
import { Timer } from "./timer.js";

/** @import { Connection } from "./socket.js" */

/** After this silence the page sends `ping`. */
const SILENCE_MS = 25_000;
/** Without an answer in this time, the page reconnects. That is about 35 s after the last frame came. */
const ANSWER_MS = 9_000;
/** The same for `check`. It is shorter: a person probably looks at the page and waits. */
const CHECK_ANSWER_MS = 5_000;
/** `check` sends no `ping` if a frame came within this time. */
const FRESH_MS = 2_000;
/** `checkSoon` calls `check` after this time. */
const DOUBT_MS = 3_000;
/** The longest time between two ticks. A tick measures the silence, and finds out that the computer slept. */
const TICK_MS = 5_000;
const SHORTEST_TICK_MS = 1_000;
/** The computer was asleep when the wall clock advanced by this much between two ticks. */
const SLEPT_MS = 3 * TICK_MS;

/**
 * What this needs of a connection.
 * @typedef {Pick<Connection, "on" | "online" | "request" | "retryNow" | "receivedAt">} Checked
 */

export class Heartbeat {
  #timer = new Timer(() => this.#tick());
  #isAsking = false;
  #soon = new Timer(() => this.check());
  #tickedAt = 0;
  #connection;
  #now;
  #wallNow;

  /**
   * @param {Checked} connection
   * @param {{now?: () => number, wallNow?: () => number}} [clocks] in ms. `now` is monotonic; in some browsers it stops
   *   while the computer sleeps. `wallNow` is the wall clock and does not stop
   */
  constructor(connection, { now: monotonic = now, wallNow = () => Date.now() } = {}) {
    this.#connection = connection;
    this.#now = monotonic;
    this.#wallNow = wallNow;
    connection.on("state", ({ name }) => {
      this.#timer.stop();
      if (name === "online") this.#scheduleTick();
    });
  }

  /** Something happened after which the connection may be dead, or may work again: check it now. */
  check() {
    if (!this.#connection.online) this.#connection.retryNow();
    else if (this.#silenceMs > FRESH_MS) this.#ping(CHECK_ANSWER_MS);
  }

  /** Something was sent: if nothing is received in a moment, check the connection. */
  checkSoon() {
    this.#soon.start(DOUBT_MS);
  }

  get #silenceMs() {
    return this.#now() - this.#connection.receivedAt;
  }

  #scheduleTick() {
    this.#tickedAt = this.#wallNow();
    const untilSilent = Math.max(SHORTEST_TICK_MS, SILENCE_MS - this.#silenceMs);
    this.#timer.start(Math.min(TICK_MS, untilSilent));
  }

  #tick() {
    const slept = this.#wallNow() - this.#tickedAt > SLEPT_MS;
    this.#scheduleTick();
    if (slept) this.check();
    else if (this.#silenceMs >= SILENCE_MS) this.#ping(ANSWER_MS);
  }

  /** @param {number} timeoutMs */
  async #ping(timeoutMs) {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      await this.#connection.request(command.ping(), timeoutMs);
    } catch {
      // An error frame is an answer as well. After a timeout the connection closes its socket by itself.
    } finally {
      this.#isAsking = false;
    }
  }
}
