/** Messages of the outbox, in the form in which the timeline shows messages. */

import { unsentPoll } from "./poll_text.js";

/**
 * @import { Item } from "./outbox_items.js"
 * @import { ChosenFile } from "./uploads/uploads.js"
 * @import { Message, You } from "./wire.d.ts"
 *
 * @typedef {object} Delivery what only a message of the outbox has
 * @property {null} id
 * @property {null} html the server renders it
 * @property {Item["state"]} delivery_state
 * @property {string} [reason] why it was not sent
 * @property {string[]} fileNames of files that another device has sent
 * @property {ChosenFile[]} files that are being uploaded, or wait for the message to be sent
 *
 * @typedef {Omit<Message, "id" | "html"> & Delivery} Unsent has each field of a message
 * @typedef {Message & {delivery_state?: undefined, reason?: undefined, files?: undefined, fileNames?: undefined}} Stored
 * @typedef {Stored | Unsent} Shown
 */

/** @param {Shown} message @returns {message is Stored} */
export function isStored(message) {
  return message.id !== null;
}

/**
 * @param {Item} item
 * @param {You} you
 * @returns {Unsent} its `seq` is higher than all others
 */
export function unsent(item, you) {
  return {
    id: null,
    seq: Infinity,
    version: 0,
    client_id: item.client_id,
    author: you.user,
    guest: you.guest,
    text: item.body,
    html: null,
    at: item.at,
    edited_at: null,
    deleted: false,
    removed: false,
    reply_to: item.reply_to,
    quote: null,
    mentions: null,
    reactions: [],
    attachments: [],
    previews: [],
    poll: item.poll ? unsentPoll(item.poll) : null,
    silent: item.silent ?? false,
    pinned: null,
    thread: item.thread ?? null,
    in_room: !item.thread || Boolean(item.in_room),
    replies: null,
    delivery_state: item.state,
    reason: item.reason,
    files: item.files ?? [],
    fileNames: item.fileNames ?? [],
  };
}
