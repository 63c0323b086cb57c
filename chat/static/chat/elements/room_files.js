/** Opens the pictures of a room's messages in the viewer. */

import { closest, find } from "../dom.js";
import { sinceTime } from "../dates.js";
import { isPicture } from "../files/kinds.js";
import { senderOf } from "../senders.js";
import { shownCopy } from "../shown_copy.js";
import { isCovered } from "./attachment_picture.js";
import { openViewer } from "./viewer.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { Store } from "../store.js"
 * @import { Message } from "../wire.d.ts"
 * @import { Shown } from "./viewer.js"
 */

/**
 * @param {HTMLElement} root of the room, or of a thread
 * @param {RoomContext} context
 * @param {(message: number) => void} goTo shows a message
 */
export function openPictures(root, context, goTo) {
  const { signal, store, urls } = context;
  find(root, ".log").addEventListener("click", (event) => {
    const id = Number(closest(event, ".file-picture-open")?.dataset.file);
    if (!id) return;
    const pictures = (shownCopy(context)?.shown?.messages ?? []).flatMap((message) => picturesOf(message, store));
    const at = pictures.findIndex(({ file }) => file.id === id);
    if (at >= 0) openViewer(urls, { pictures, at, goTo });
  }, { signal });
}

/** @param {Message} message @param {Store} store @returns {Shown[]} */
function picturesOf(message, store) {
  if (message.deleted) return [];
  const facts = `${store.people.nameOf(senderOf(message))} · ${sinceTime(new Date(message.at))}`;
  const files = message.attachments.filter((file) => isPicture(file) && !isCovered(file));
  return files.map((file) => ({ file, message: message.id, facts }));
}
