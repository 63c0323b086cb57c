/** Fetches the people who changed while the page had no connection, and notices when a status ends. */

import { CommandError, command } from "./protocol.js";
import { Timer } from "./timer.js";

/**
 * @import { Connection } from "./socket.js"
 * @import { Store } from "./store.js"
 */

/** A status that ends disappears within this time. */
const CHECK_EVERY_MS = 20_000;
/** After an error, until the next request. */
const AGAIN_MS = 1_000;

export class PeopleSync {
  #store;
  #connection;
  #isAsking = false;
  #again = new Timer(() => void this.#ask());
  #checkTimer = new Timer(() => this.#checkStatuses());
  #checkedAt = Date.now();

  /** @param {Store} store @param {Connection} connection */
  constructor(store, connection) {
    this.#store = store;
    this.#connection = connection;
    connection.on("state", ({ name }) => name === "online" && void this.#ask());
    this.#checkTimer.start(CHECK_EVERY_MS);
  }

  async #ask() {
    const { people, peopleVersion } = this.#store;
    if (this.#isAsking || people.version >= peopleVersion) return;
    this.#isAsking = true;
    try {
      let more = true;
      while (more) {
        const reply = await this.#connection.request(command.changedPeople(this.#store.people.version));
        this.#store.applyPeople(reply);
        more = reply.more;
      }
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      // Without a connection the next one asks again.
      if (this.#connection.online) this.#again.start((error.retryAfter ?? 0) * 1000 + AGAIN_MS);
    } finally {
      this.#isAsking = false;
    }
  }

  #checkStatuses() {
    this.#store.peopleChanged(this.#store.people.statusEndedSince(this.#checkedAt));
    this.#checkedAt = Date.now();
    this.#checkTimer.start(CHECK_EVERY_MS);
  }
}
