/** Keeps the reader's messages that wait for a moderator the same on all their devices: those of the outbox, and the server's. */

import { phrase } from "./phrases.js";
import { CommandError, command } from "./protocol.js";
import { Timer } from "./timer.js";

/**
 * @import { Connection } from "./socket.js"
 * @import { Outbox } from "./outbox.js"
 * @import { Store } from "./store.js"
 */

/** After a restart of the server all pages connect at the same moment. */
const ASK_WITHIN_MS = 3_000;
/** As many as the server answers at once. */
const MOST = 100;
/** Phrases for why a message will not be posted. */
const REASONS = new Map([
  ["refused", "held_refused"],
  ["expired", "held_expired"],
]);

/** @param {{connection: Connection, outbox: Outbox, store: Store, shownRoom: () => string | undefined}} parts */
export function syncHeld({ connection, outbox, store, shownRoom }) {
  const held = () => outbox.items().filter(({ state }) => state === "held").slice(0, MOST);

  /** @param {string} id a client_id @param {string} state */
  const end = (id, state) => {
    const item = outbox.items().find((each) => each.client_id === id);
    if (!item) return;
    const reason = REASONS.get(state);
    if (reason) outbox.fail(id, phrase(reason));
    // The page that shows the room gets the message itself. Asked for again, it is there whatever else was lost.
    else if (state === "posted" && item.room === shownRoom() && !item.isFromElsewhere) outbox.retry(id);
    else outbox.discard(id);
  };

  const ask = async () => {
    const known = held().map(({ client_id: id }) => id);
    try {
      const { ended, waiting } = await connection.request(command.ownHeld(known));
      for (const each of waiting) outbox.addHeld(each);
      for (const { client_id: id, state } of ended) end(id, state);
      const answered = new Set([...waiting, ...ended].map(({ client_id: id }) => id));
      // The server does not know them: it was restored from a backup, perhaps.
      for (const item of held()) {
        if (!known.includes(item.client_id) || answered.has(item.client_id)) continue;
        if (item.isFromElsewhere) outbox.discard(item.client_id);
        else outbox.retry(item.client_id);
      }
    } catch (error) {
      // It is asked for again with the next connection.
      if (!(error instanceof CommandError)) throw error;
    }
  };
  const timer = new Timer(() => void ask());

  store.on("held", ({ client_id: id, state }) => {
    if (state !== "waiting") end(id, state);
    else if (!outbox.items().some((item) => item.client_id === id)) timer.start(0);
  });
  connection.on("state", ({ name }) => {
    if (name === "online") timer.start(held().length ? 0 : Math.random() * ASK_WITHIN_MS);
    else timer.stop();
  });
}
