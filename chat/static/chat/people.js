/** Who is here, and who is typing: what is not durable and expires by itself. Pure; the clock is given. */

import { now } from "./clock.js";
import { personKey, personName } from "./protocol.js";

export const TYPING_EXPIRES_MS = 5_000;

/** The people who have one room open: `online` counts all of them, `here` names some. */
export class Presence {
  online = 0;
  #here = new Map();

  /** Begin anew, from an answer to `open`. */
  reset({ online, here }) {
    this.online = online;
    this.#here = new Map(here.map((you) => [personKey(you), you]));
  }

  /** Take a `presence` event. */
  apply({ online, joined, left }) {
    this.online = online;
    for (const you of left) this.#here.delete(personKey(you));
    for (const you of joined) this.#here.set(personKey(you), you);
  }

  /** Names of those we know of, sorted. */
  get names() {
    return [...this.#here.values()].map(personName).sort((a, b) => a.localeCompare(b));
  }
}

/** The people who are typing in one room. Each is forgotten after TYPING_EXPIRES_MS, unless they go on. */
export class Typing {
  #until = new Map();

  /** @param {() => number} now milliseconds */
  constructor(clock = now) {
    this.now = clock;
  }

  /** Take a `typing` event. @param {object[]} who @param {object} you the reader, who is not shown to themselves */
  apply(who, you) {
    const until = this.now() + TYPING_EXPIRES_MS;
    for (const person of who) {
      if (personKey(person) !== personKey(you)) this.#until.set(personKey(person), { name: personName(person), until });
    }
  }

  /** Someone said what they were typing. */
  stopped(person) {
    return this.#until.delete(personKey(person));
  }

  /** Names of those who are typing now. */
  get names() {
    const now = this.now();
    for (const [key, { until }] of this.#until) if (until <= now) this.#until.delete(key);
    return [...this.#until.values()].map(({ name }) => name);
  }
}
