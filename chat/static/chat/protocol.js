/**
 * The protocol `chat`, version 1, without I/O: commands out, frames in, and who is who.
 * docs/protocol.md describes every command and event.
 */

export const SUBPROTOCOL = "chat";
export const HISTORY_PAGE = 50;

/** Close codes that mean something to a page. */
export const CLOSE = { flooded: 1008, signedOut: 4001 };

/** Every command a page sends, as plain objects; the connection adds `ref`. */
export const command = {
  open: (room, since, epoch) => ({ type: "open", room, ...(since === undefined ? {} : { since, epoch }) }),
  post: ({ room, client_id, body, reply_to }) => ({
    type: "post",
    room,
    client_id,
    body,
    ...(reply_to ? { reply_to } : {}),
  }),
  edit: (message, body) => ({ type: "edit", message, body }),
  delete: (message) => ({ type: "delete", message }),
  react: (message, emoji, on) => ({ type: "react", message, emoji, on }),
  read: (room, upto) => ({ type: "read", room, upto }),
  typing: (room) => ({ type: "typing", room }),
  history: (room, before, limit = HISTORY_PAGE) => ({ type: "history", room, before, limit }),
  ping: () => ({ type: "ping" }),
};

/** Why a command was not done: an `error` frame, or the connection's own codes `lost` and `timeout`. */
export class CommandError extends Error {
  /** @param {{code: string, detail?: string, field?: string|null, retry_after?: number|null}} frame */
  constructor({ code, detail = "", field = null, retry_after = null }) {
    super(detail || code);
    this.name = "CommandError";
    this.code = code;
    this.detail = detail;
    this.field = field;
    this.retryAfter = retry_after;
  }
}

/**
 * @param {string} text one text frame
 * @returns {object|null} the frame, or null for what this protocol does not speak
 */
export function parse(text) {
  try {
    const frame = JSON.parse(text);
    return typeof frame?.type === "string" ? frame : null;
  } catch {
    return null;
  }
}

/**
 * The socket's address for a page.
 * @param {{protocol: string, host: string}} location
 * @param {string} path
 */
export function socketUrl(location, path) {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}${path}`;
}

/**
 * One string per person: `u:ID` for a user, `g:ID` for a guest.
 * @param {{user?: object|null, guest?: object|null}} you a `You`
 */
export function personKey({ user, guest }) {
  return user ? `u:${user.id}` : `g:${guest?.id ?? ""}`;
}

/** @param {{user?: object|null, guest?: object|null}} you */
export function personName({ user, guest }) {
  return (user ?? guest)?.name ?? "";
}

/** The `You` who said a message. @param {{author: object|null, guest: object|null}} message */
export function senderOf(message) {
  return { user: message.author, guest: message.guest };
}

/** Whether a message mentions `you` by name, or everyone in the room. @param {object} message @param {object} you */
export function mentions({ mentions: told, deleted }, you) {
  return Boolean(told && !deleted && (told.all || told.people.includes(you?.user?.id)));
}

/** Whether `you` said `message`. */
export function isMine(message, you) {
  return Boolean(you) && personKey(senderOf(message)) === personKey(you);
}
