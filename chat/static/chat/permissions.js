/** What a page offers. Only an offer: the server's policy decides. */

import { isMine } from "./protocol.js";

const MODERATORS = new Set(["owner", "moderator"]);

/**
 * @param {object} message
 * @param {object} you
 * @param {string|null} role mine in the room
 * @returns {Set<"react"|"reply"|"edit"|"delete">} what I can do with a message of a room that is open to me
 */
export function allowed(message, you, role) {
  // What is still in the outbox has no id yet.
  if (message.id === null || message.deleted) return new Set();
  const mine = isMine(message, you);
  // A reader shows nothing new, and may delete what they said before they became one.
  if (role === "reader") return new Set(mine ? ["delete"] : []);
  return new Set([
    ...(you.user ? ["react"] : []),
    "reply",
    ...(mine ? ["edit"] : []),
    ...(mine || MODERATORS.has(role) ? ["delete"] : []),
  ]);
}
