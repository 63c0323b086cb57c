/** The names of the site's own emoji, asked for when they are first needed. State only. */

import { Emitter } from "./emitter.js";
import { CommandError, command } from "./protocol.js";

/**
 * @import { Connection } from "./socket.js"
 * @import { Store } from "./store.js"
 */

const REACTION = /^:([a-z0-9][a-z0-9_+-]{0,29}):$/;

/** @extends {Emitter<{change: []}>} */
export class CustomEmoji extends Emitter {
  /** Sorted. @type {readonly string[]} */
  names = [];
  /** Whether the person may add some. */
  mayAdd = false;
  #connection;
  /** @type {Promise<void> | undefined} */
  #asking;

  /** @param {Store} store @param {Connection} connection */
  constructor(store, connection) {
    super();
    this.#connection = connection;
    const askAgain = () => {
      if (!this.#asking) return;
      this.#asking = undefined;
      void this.load();
    };
    store.on("custom-emoji", askAgain);
    // The event may have been lost without a connection.
    connection.on("state", ({ name }) => name === "online" && askAgain());
  }

  /** Fetch the names, once. `change` follows. */
  load() {
    this.#asking ??= this.#ask();
    return this.#asking;
  }

  async #ask() {
    try {
      const { names, may_add: mayAdd } = await this.#connection.request(command.customEmoji());
      this.names = names;
      this.mayAdd = mayAdd;
      this.emit("change");
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.#asking = undefined;
    }
  }
}

/** The name of the site's own emoji that a reaction shows; undefined for all others. @param {string} emoji */
export function customName(emoji) {
  return REACTION.exec(emoji)?.[1];
}
