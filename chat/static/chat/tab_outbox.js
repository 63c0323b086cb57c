/** The outbox of a tab: it sends over the tab's connection, and messages that the server has stored leave it. */

import { inOneTab } from "./browser.js";
import { syncHeld } from "./held_sync.js";
import { Outbox } from "./outbox.js";
import { isMine } from "./senders.js";
import { storageKey } from "./storage_keys.js";
import { connectOutbox, postWithFiles } from "./uploads/tab_uploads.js";

/**
 * @import { Store } from "./store.js"
 * @import { Connection } from "./socket.js"
 * @import { Uploads } from "./uploads/uploads.js"
 * @import { Message } from "./wire.d.ts"
 *
 * @typedef {object} OutboxContext
 * @property {Store} store
 * @property {Connection} connection
 * @property {Uploads} uploads
 * @property {Storage} storage
 * @property {string} owner the person's key (protocol.js)
 */

/** @param {OutboxContext} tab @param {() => string | undefined} shownRoom the slug of the room that is shown */
export function makeOutbox({ connection, owner, storage, store, uploads }, shownRoom) {
  const outbox = new Outbox({
    storage,
    owner,
    lock: (work) => inOneTab(storageKey("outbox", owner), work),
    isReady: ({ files = [] }) => uploads.areUploaded(files),
    send: postWithFiles(connection, uploads),
  });
  connectOutbox(uploads, outbox);
  outbox.on("stored", (reply) => store.applyReply(reply));
  store.on("messages", ({ room, changed, reset }) => {
    const messages = reset ? (store.copy(room)?.messages ?? []) : changed.map(({ message }) => message);
    // After all listeners: the timeline must know of a stored message before it loses the article of the outbox.
    queueMicrotask(() => confirmStored(outbox, store, messages));
  });
  store.on("replies", ({ messages }) => queueMicrotask(() => confirmStored(outbox, store, messages)));
  syncHeld({ connection, outbox, store, shownRoom });
  connection.on("state", ({ name }) => {
    if (name !== "online") outbox.pause();
    // A shown room resumes the outbox when its copy is up to date (RoomView).
    else if (shownRoom() === undefined) outbox.resume();
  });
  window.addEventListener("storage", ({ key }) => (key === outbox.key || key === null) && outbox.refresh());
  return outbox;
}

/**
 * Remove stored messages from the outbox, also those that another tab or an earlier connection sent.
 * @param {Outbox} outbox
 * @param {Store} store
 * @param {readonly Message[]} messages
 */
export function confirmStored(outbox, store, messages) {
  if (outbox.items().length === 0) return;
  for (const message of messages) if (isMine(message, store.you)) outbox.confirm(message.client_id);
}
