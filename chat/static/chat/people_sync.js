/** Fetches the people who changed while the page had no connection, and notices when a status ends. */

import { CommandError, command } from "./protocol.js";
import { Timer } from "./timer.js";

/**
 * @import { KnownPeople } from "./known_people.js"
 * @import { Connection } from "./socket.js"
 */

/** A status that ends disappears within this time. */
const CHECK_EVERY_MS = 20_000;
/** After an error, until the next request. */
const AGAIN_MS = 1_000;

export class PeopleSync {
  #people;
  #connection;
  #isAsking = false;
  #again = new Timer(() => void this.#ask());
  #checkTimer = new Timer(() => this.#checkStatuses());
  #checkedAt = Date.now();

  /** @param {KnownPeople} people @param {Connection} connection */
  constructor(people, connection) {
    this.#people = people;
    this.#connection = connection;
    connection.on("state", ({ name }) => name === "online" && void this.#ask());
    this.#checkTimer.start(CHECK_EVERY_MS);
  }

  async #ask() {
    const people = this.#people;
    if (this.#isAsking || people.version >= people.latest) return;
    this.#isAsking = true;
    try {
      let more = true;
      while (more) {
        const reply = await this.#connection.request(command.changedPeople(people.version));
        people.applyChanges(reply);
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
    this.#people.changed(this.#people.statusEndedSince(this.#checkedAt));
    this.#checkedAt = Date.now();
    this.#checkTimer.start(CHECK_EVERY_MS);
  }
}
