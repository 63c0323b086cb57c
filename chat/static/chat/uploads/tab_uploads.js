/** Connects the uploads of a tab with its outbox, which waits for them, and with its connection. */

import { fileIds } from "../drafts.js";
import { phrase } from "../phrases.js";
import { CommandError, command } from "../protocol.js";
import { wait } from "../timer.js";
import { roomUrl } from "../urls.js";
import { FileStore } from "./file_store.js";
import { Tus } from "./tus.js";
import { Uploads } from "./uploads.js";
import { xhrTransport } from "./xhr_transport.js";

/**
 * @import { Outbox } from "../outbox.js"
 * @import { Item } from "../outbox_items.js"
 * @import { Connection } from "../socket.js"
 * @import { Store } from "../store.js"
 * @import { Addresses, MessageReply } from "../wire.d.ts"
 * @import { UploadError } from "./upload_error.js"
 */

/** Another tab may have stored a file a moment ago, whose draft this page has not seen. */
const YOUNG_MS = 60_000;
/** Phrases for errors that may come without a sentence of the server, by their code. */
const PHRASES = new Map([
  ["file_lost", "upload_file_lost"],
  ["too_large", "upload_too_large"],
  ["type_refused", "upload_type_refused"],
  ["storage_full", "upload_storage_full"],
  ["signed_out", "upload_signed_out"],
  ["forbidden", "upload_forbidden"],
  ["not_found", "upload_not_found"],
]);

/** @param {{connection: Connection, storage: Storage, store: Store, urls: Addresses}} tab @returns {Uploads} */
export function makeUploads({ connection, storage, store, urls }) {
  const files = new FileStore();
  void files.removeOthers(fileIds(storage), Date.now() - YOUNG_MS);
  const uploads = new Uploads({
    tus: new Tus(xhrTransport),
    store: files,
    chunk: () => store.limits.files.chunk,
    addressOf: (room) => `${roomUrl(urls, room)}files/`,
    pause: (ms, signal) => untilOnline(connection, ms, signal),
  });
  // The browser asks the person whether they want to leave.
  window.addEventListener("beforeunload", (event) => uploads.hasUnkept && event.preventDefault());
  return uploads;
}

/** Remove the files that no draft and no outbox has any more: their person signs out. @param {Storage} storage */
export function removeUnwantedFiles(storage) {
  void new FileStore().removeOthers(fileIds(storage));
}

/** What to tell a person about an upload that failed. @param {UploadError} error @returns {string} */
export function uploadErrorText({ code, detail }) {
  return detail || phrase(PHRASES.get(code) ?? "upload_failed");
}

/**
 * Posts messages of the outbox with their files.
 * @param {Connection} connection
 * @param {Uploads} uploads
 * @returns {(item: Item) => Promise<MessageReply>}
 */
export function postWithFiles(connection, uploads) {
  /** @type {Set<string>} client_ids of messages whose files were uploaded again */
  const renewed = new Set();
  return async (item) => {
    const { files = [] } = item;
    const attachments = files.map(({ id, alt, spoiler }) => ({ id: uploads.attachmentOf(id), alt, spoiler }));
    try {
      return await connection.request(command.post({ ...item, attachments }));
    } catch (error) {
      const isForgotten = error instanceof CommandError && error.code === "file_missing" && !renewed.has(item.client_id);
      if (!isForgotten) throw error;
      // The message waited for longer than the server keeps uploads.
      renewed.add(item.client_id);
      await uploads.renew(item.room, files);
      throw new CommandError({ code: "unavailable" });
    }
  };
}

/** Upload the files of waiting messages, and send these when they are complete. @param {Uploads} uploads @param {Outbox} outbox */
export function connectOutbox(uploads, outbox) {
  const begin = () => {
    for (const { files, room, state } of outbox.items()) {
      if (!files?.length || state !== "waiting") continue;
      uploads.retry(files);
      uploads.resume(room, files);
    }
  };
  outbox.on("change", begin);
  outbox.on("removed", ({ item: { files }, isStored }) => {
    if (files?.length) void (isStored ? uploads.forget(files) : uploads.cancel(files));
  });
  uploads.on("uploaded", () => outbox.check());
  uploads.on("failed", (id) => {
    const error = uploads.state(id)?.error;
    for (const { client_id: clientId, files = [] } of outbox.items()) {
      const file = files.find((each) => each.id === id);
      if (file && error) outbox.fail(clientId, phrase("file_not_sent", { name: file.name, reason: uploadErrorText(error) }));
    }
  });
  begin();
}

/** Wait, but only until there is a connection again. @param {Connection} connection @param {number} ms @param {AbortSignal} signal */
async function untilOnline(connection, ms, signal) {
  const ending = new AbortController();
  const end = () => ending.abort();
  signal.addEventListener("abort", end, { once: true });
  const stopListening = connection.on("state", ({ name }) => name === "online" && end());
  await wait(ms, ending.signal);
  stopListening();
  signal.removeEventListener("abort", end);
}
