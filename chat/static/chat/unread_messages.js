/** Which messages are unread to a reader, as the server counts them. Pure. */

import { isMentioned, isMine } from "./senders.js";

/**
 * @import { LogSection } from "./log_section.js"
 * @import { Message, RoomState, You } from "./wire.d.ts"
 */

/**
 * Count the messages of others in a section, from the first one after `after` to `upto`.
 * @param {LogSection} section
 * @param {number} after a seq
 * @param {number} upto a seq
 * @param {You} you the reader
 * @returns {Pick<RoomState, "unread" | "mentions">}
 */
export function countUnread(section, after, upto, you) {
  const counts = { unread: 0, mentions: 0 };
  for (let at = section.indexOf(after + 1); at < section.messages.length; at += 1) {
    const message = /** @type {Message} */ (section.messages[at]);
    if (message.seq > upto) break;
    if (message.deleted || isMine(message, you)) continue;
    counts.unread += 1;
    counts.mentions += Number(isMentioned(message, you));
  }
  return counts;
}

/** Whether a message that the reader has not seen counts. @param {Message | undefined} message one of others, or none */
export function isUnread(message) {
  return message !== undefined && !message.deleted;
}
