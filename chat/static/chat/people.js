/** Who is in a room now, and who is typing there. Nothing of this is stored. Pure; the clock is a parameter. */

import { now } from "./clock.js";
import { personKey, personName } from "./senders.js";

/**
 * @import { Sender } from "./senders.js"
 * @import * as wire from "./wire.d.ts"
 */

export const TYPING_EXPIRES_MS = 5_000;

/** The people who have one room open: `online` counts all of them, `here` names some. */
export class Presence {
  online = 0;
  /** @type {Map<string, wire.You>} by personKey */
  #here = new Map();
  #nameOf;

  /** @param {(you: wire.You) => string} [nameOf] the name to show */
  constructor(nameOf = personName) {
    this.#nameOf = nameOf;
  }

  /** Start again from an answer to `open`. @param {Pick<wire.OpenReply, "online" | "here">} reply */
  reset({ online, here }) {
    this.online = online;
    this.#here = new Map(here.map((you) => [personKey(you), you]));
  }

  /** Apply a `presence` event. @param {Pick<wire.Presence, "online" | "joined" | "left">} event */
  apply({ online, joined, left }) {
    this.online = online;
    for (const you of left) this.#here.delete(personKey(you));
    for (const you of joined) this.#here.set(personKey(you), you);
  }

  /** Whether a person is known to be here. @param {string} key a personKey */
  has(key) {
    return this.#here.has(key);
  }

  /** Whether everyone who is here is known, so that a person who is not known is not here. */
  get hasAll() {
    return this.online > 0 && this.#here.size >= this.online;
  }

  /** The known guests. */
  get guests() {
    return [...this.#here.values()].filter(({ guest }) => guest !== null);
  }

  /** Those who are named. */
  get people() {
    return [...this.#here.values()];
  }

  /** The known names, sorted. */
  get names() {
    return this.people.map(this.#nameOf).sort((a, b) => a.localeCompare(b));
  }
}

/** The people who are typing in one room. Each is removed after TYPING_EXPIRES_MS, unless they go on typing. */
export class Typing {
  /** @type {Map<string, {person: wire.You, until: number}>} by personKey */
  #typists = new Map();
  #nameOf;

  /** @param {() => number} [clock] milliseconds @param {(you: wire.You) => string} [nameOf] the name to show */
  constructor(clock = now, nameOf = personName) {
    this.now = clock;
    this.#nameOf = nameOf;
  }

  /**
   * Apply a `typing` event.
   * @param {wire.You[]} who
   * @param {wire.You} you the reader, who is not shown to themselves
   */
  apply(who, you) {
    const until = this.now() + TYPING_EXPIRES_MS;
    for (const person of who) {
      const key = personKey(person);
      if (key !== personKey(you)) this.#typists.set(key, { person, until });
    }
  }

  /** A person sent what they were typing. @param {Sender} person @returns {boolean} whether they were typing */
  stop(person) {
    return this.#typists.delete(personKey(person));
  }

  /** The names of those who are typing now. */
  get names() {
    const time = this.now();
    for (const [key, { until }] of this.#typists) if (until <= time) this.#typists.delete(key);
    return [...this.#typists.values()].map(({ person }) => this.#nameOf(person));
  }
}
