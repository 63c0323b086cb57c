/** Asks for the people whom messages name by their id only and whom the page does not know: those mentioned, and faces of threads. */

import { CommandError, command } from "../protocol.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { Message } from "../wire.d.ts"
 */

/** People that the page asks for at once. */
const MAX_ASKED = 20;

export class UnknownPeople {
  #context;
  /** Some may not be seen: they are asked for once. @type {Set<number>} */
  #asked = new Set();

  /** @param {RoomContext} context */
  constructor(context) {
    const { room, signal, store } = context;
    this.#context = context;
    store.on("messages", ({ room: slug, changed, reset }) => {
      if (slug !== room) return;
      void this.ask(reset ? (store.copy(room)?.shown.messages ?? []) : changed.map(({ message }) => message));
    }, { signal });
    void this.ask(store.copy(room)?.shown.messages ?? []);
  }

  /** @param {readonly Message[]} messages */
  async ask(messages) {
    const { connection, signal, store } = this.#context;
    // A guest may not see profiles.
    if (!store.you.user) return;
    const shown = new Set(messages.flatMap(({ mentions, replies }) => [...(replies?.people ?? []), ...(mentions?.people ?? [])]));
    const unknown = [...shown].filter((id) => !store.people.get(id) && !this.#asked.has(id)).slice(0, MAX_ASKED);
    for (const id of unknown) this.#asked.add(id);
    for (const id of unknown) {
      try {
        await connection.whenOnline();
        if (signal.aborted) return;
        store.people.update([(await connection.request(command.profile(id))).person]);
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
      }
    }
  }
}
