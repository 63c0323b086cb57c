/** What the line with the answered message says of it. */

import { phrase } from "../phrases.js";
import { excerpt } from "./message_text.js";

/** @import { Attachment, Message, Quote } from "../wire.d.ts" */

/** @param {Message | Quote | undefined} message */
export function quoteText(message) {
  if (!message) return phrase("quote_unknown");
  if (message.deleted) return phrase("quote_deleted");
  return excerpt({ ...message, attachments: filesOf(message) }) || phrase("quote_file");
}

/** A quote has the first file of its message only. @param {Message | Quote | undefined} message @returns {Attachment[]} */
export function filesOf(message) {
  if (!message) return [];
  if ("attachments" in message) return message.attachments;
  return message.file ? [message.file] : [];
}
