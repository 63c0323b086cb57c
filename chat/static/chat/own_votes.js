/** What the reader voted in polls. Nobody else gets it, so it does not come with the messages. */

import { Emitter } from "./emitter.js";

/**
 * @import { VotesEvent, VotesReply } from "./wire.d.ts"
 *
 * @typedef {object} OwnVotesEvents
 * @property {[number]} change the votes in the poll of this message (its id) are others now
 * @property {[]} wanted votes are wanted that are not known
 */

/** @extends {Emitter<OwnVotesEvents>} */
export class OwnVotes extends Emitter {
  /** @type {Map<number, readonly number[]>} places of options by the id of the message */
  #chosen = new Map();
  /** @type {Set<number>} ids of messages */
  #wanted = new Set();

  /** The ids of the polls whose votes are wanted and not known. */
  get wanted() {
    return [...this.#wanted];
  }

  /** What the reader chose in a poll; nothing until it is known. @param {number} message an id @returns {readonly number[]} */
  of(message) {
    const chosen = this.#chosen.get(message);
    if (!chosen && !this.#wanted.has(message)) {
      this.#wanted.add(message);
      this.emit("wanted");
    }
    return chosen ?? [];
  }

  /** The reader voted, perhaps on another device. @param {Pick<VotesEvent, "message" | "options">} event */
  apply({ message, options }) {
    this.#wanted.delete(message);
    if (this.#chosen.get(message)?.join() === options.join()) return;
    this.#chosen.set(message, options);
    this.emit("change", message);
  }

  /** @param {Pick<VotesReply, "votes">} reply @param {number[]} asked the ids that were asked about */
  applyReply({ votes }, asked) {
    const found = new Map(votes.map(({ message, options }) => [message, options]));
    for (const message of asked) this.apply({ message, options: found.get(message) ?? [] });
  }

  /** Votes may have come while there was no connection. */
  askAgain() {
    for (const message of this.#chosen.keys()) this.#wanted.add(message);
    if (this.#wanted.size) this.emit("wanted");
  }
}
