/** Asks for a comment before a message is forwarded: the dialog `#forward-dialog` of the shell. */

import { byId, find, setText } from "../dom.js";
import { phrase } from "../phrases.js";
import { choiceIn } from "./choice.js";
import { excerpt } from "./message_text.js";

/** @import { Message } from "../wire.d.ts" */

/**
 * @param {Message} message
 * @param {string} target the name of the room
 * @param {AbortSignal} signal answers null
 * @returns {Promise<string | null>} the comment, which may be empty; null if the person cancelled
 */
export async function askComment(message, target, signal) {
  const dialog = byId("forward-dialog", HTMLDialogElement);
  const field = find(dialog, "textarea", HTMLTextAreaElement);
  setText(find(dialog, "h2"), phrase("forward_to", { room: target }));
  setText(find(dialog, ".quoted-text"), excerpt(message));
  field.value = "";
  return (await choiceIn(dialog, signal)) === "forward" ? field.value.trim() : null;
}
