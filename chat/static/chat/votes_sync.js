/** Asks the server what the reader voted, for the polls that the page draws: all polls of one drawing at once. */

import { command } from "./protocol.js";
import { Timer } from "./timer.js";

/**
 * @import { Connection } from "./socket.js"
 * @import { Store } from "./store.js"
 * @import { VotesReply } from "./wire.d.ts"
 */

/** Polls that are drawn within this time are asked about together. */
const GATHER_MS = 50;
/** The limit of the command. */
const MOST = 200;

export class VotesSync {
  #votes;
  #connection;
  #timer = new Timer(() => void this.#ask());

  /** @param {Store} store @param {Connection} connection */
  constructor({ ownVotes }, connection) {
    this.#votes = ownVotes;
    this.#connection = connection;
    ownVotes.on("wanted", () => this.#timer.isRunning || this.#timer.start(GATHER_MS));
    // Votes from another device may have come meanwhile.
    connection.on("state", ({ name }) => name === "online" && ownVotes.askAgain());
  }

  async #ask() {
    const asked = this.#votes.wanted.slice(0, MOST);
    if (!asked.length || !this.#connection.online) return;
    try {
      const reply = await this.#connection.request(command.votes(asked));
      this.#votes.applyReply(/** @type {VotesReply} */ (reply), asked);
    } catch {
      // Asked again with the next connection.
      return;
    }
    if (this.#votes.wanted.length) this.#timer.start(GATHER_MS);
  }
}
