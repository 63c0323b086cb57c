/** When to make the next attempt to connect. Pure. */

const FIRST_S = 0.5;
/** Together with the time that an attempt takes, every page is back within 30 s after the server is. */
const MAX_DELAY_S = 20;
/** The attempt whose delay follows when the server closed the connection because of too many commands. */
const FLOODED_ATTEMPT = 4;

/**
 * Growing delays with jitter, so that a thousand pages do not reconnect in the same moment.
 * @param {number} attempt 0 for the first one after a loss
 * @param {() => number} random a number in [0, 1)
 * @returns {number} seconds: between half and all of 0.5, 1, 2, 4 … 20
 */
export function delay(attempt, random = Math.random) {
  const full = Math.min(MAX_DELAY_S, FIRST_S * 2 ** Math.min(attempt, 10));
  return full * (0.5 + random() / 2);
}

/** How long to wait before the next attempt. */
export class RetrySchedule {
  #attempt = 0;
  /** @type {number | null} seconds, from the server's `bye` */
  #retryAfterS = null;
  /** @type {number | null} when the next attempt was due before `interrupt` made one sooner, in ms of `now` */
  #dueAt = null;
  #random;
  #now;

  /**
   * @param {() => number} random
   * @param {() => number} now milliseconds
   */
  constructor(random, now) {
    this.#random = random;
    this.#now = now;
  }

  /** An attempt failed, or the connection was lost. @returns {number} seconds until the next attempt */
  next() {
    const dueInS = this.#dueAt === null ? 0 : (this.#dueAt - this.#now()) / 1000;
    const waitS = this.#retryAfterS ?? (dueInS > 0 ? dueInS : delay(this.#attempt++, this.#random));
    this.#dueAt = null;
    this.#retryAfterS = null;
    return waitS;
  }

  /**
   * An attempt is made now because someone asked for it. If it fails, the next one is due when it was before.
   * @param {number | null} retryAt when the next one is due, in ms of `now`
   */
  interrupt(retryAt) {
    this.#dueAt = retryAt ?? this.#dueAt;
  }

  /** The connection works: the next loss starts with the shortest delay. */
  reset() {
    this.#attempt = 0;
    this.#dueAt = null;
  }

  /** The connection is closed on purpose: no attempt is due. */
  cancel() {
    this.#dueAt = null;
  }

  /** The server says when to come back. @param {number} seconds */
  waitFor(seconds) {
    this.#retryAfterS = seconds;
  }

  /** The server closed the connection because of too many commands: wait longer. */
  slowDown() {
    this.#attempt = Math.max(this.#attempt, FLOODED_ATTEMPT);
    this.#dueAt = null;
  }
}
