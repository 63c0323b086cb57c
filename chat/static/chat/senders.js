/** Who sent a message: a user or a guest; whether that is the reader, and whether it mentions them. */

/** @import * as wire from "./wire.d.ts" */

/**
 * @typedef {{user: wire.PersonName | null, guest: wire.Guest | null}} Sender a user, at least with id and name, or a guest
 * @typedef {{author: wire.PersonName | null, guest: wire.Guest | null}} Sent a message or a quote: it has a sender
 */

/** One string per person: `u:ID` for a user, `g:ID` for a guest. @param {Sender} you */
export function personKey({ user, guest }) {
  return user ? `u:${user.id}` : `g:${guest?.id ?? ""}`;
}

/** The name that came with a person. The page shows that of `store.people.nameOf`. @param {Sender} you */
export function personName({ user, guest }) {
  return (user ?? guest)?.name ?? "";
}

/** The sender of a message. @param {Sent} message @returns {Sender} */
export function senderOf(message) {
  return { user: message.author, guest: message.guest };
}

/**
 * Whether a message mentions `you` by name, or everyone in the room.
 * @param {Pick<wire.Message, "mentions" | "deleted">} message
 * @param {wire.You | null} you
 */
export function isMentioned({ mentions: found, deleted }, you) {
  if (!found || deleted) return false;
  return found.all || (you?.user != null && found.people.includes(you.user.id));
}

/** Whether `you` sent the message. @param {Sent} message @param {wire.You | null} you */
export function isMine(message, you) {
  return you !== null && personKey(senderOf(message)) === personKey(you);
}
