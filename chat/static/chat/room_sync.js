/**
 * Keeps the page's copy of its room at the head: asks `open … since` when the connection is back and when an event tells
 * of a hole. After that the outbox may go.
 */

import { Emitter } from "./emitter.js";
import { command } from "./protocol.js";

const AGAIN_MS = 1_000;
/** After these the connection is made anew, and with that the room is asked for again. */
const GIVEN_UP = new Set(["lost", "timeout"]);

/** Emits `ready` when the copy stands at the head, and `gone` with whether the room is not to be seen. */
export class RoomSync extends Emitter {
  #asking = false;
  #again = false;

  /** @param {{store: object, connection: object, outbox: object, room: string}} page */
  constructor({ store, connection, outbox, room }) {
    super();
    Object.assign(this, { store, connection, outbox, room });
    connection.on("state", ({ name }) => {
      if (name === "online") this.ask();
      else outbox.pause();
    });
    store.on("hole", (event) => event.room === room && this.ask());
    store.on("removed", (event) => event.room === room && this.ask());
  }

  /** Ask what was missed; once at a time. */
  async ask() {
    this.#again = this.#asking;
    if (this.#asking || !this.connection.online) return;
    this.#asking = true;
    try {
      await this.#open();
    } finally {
      this.#asking = false;
    }
    if (this.#again) setTimeout(() => this.ask(), AGAIN_MS);
  }

  async #open() {
    const copy = this.store.copy(this.room);
    try {
      this.store.applyOpen(await this.connection.request(command.open(this.room, copy?.version, copy?.epoch)));
      this.emit("gone", false);
      this.emit("ready");
    } catch (error) {
      if (error.code === "not_found") this.emit("gone", true);
      else if (!GIVEN_UP.has(error.code)) setTimeout(() => this.ask(), (error.retryAfter ?? 1) * 1000);
    }
  }
}
