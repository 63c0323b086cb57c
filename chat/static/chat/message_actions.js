/**
 * What a person can do with a message: the one table for the toolbar, its menu, the sheet of touch screens, and the keys.
 * The server checks each action again: see chat/domain/policy.py.
 *
 * To add an action: a row here; its label, the phrase `action_NAME`, in phrases/_messages.html; its icon in _icons.html.
 * Without `send`, its name is also needed in message_commands.js, which does more than to send one command.
 */

import { isInCircle, isModerator } from "./permissions.js";
import { command } from "./protocol.js";
import { isMine } from "./senders.js";

/**
 * @import { Shown, Stored } from "./unsent.js"
 * @import { Command, You } from "./wire.d.ts"
 *
 * @typedef {object} Circumstances
 * @property {boolean} [isOpen] whether they may change something in the room: react, edit, vote
 * @property {boolean} [mayPost] whether they may write new messages in the room
 * @property {boolean} [isDirect] whether the room is a direct one, which nobody moderates
 * @property {string} [whoPins] `who_pins` of the room
 * @property {boolean} [isSaved] whether they have saved the message
 * @property {boolean} [seesEdits] whether the site shows former texts to everyone
 * @property {boolean} [mayBan] whether they may ban guests from the site
 *
 * @typedef {object} Person a person and a message that is stored and not deleted
 * @property {Shown} message
 * @property {string | null} role of the person in the room
 * @property {boolean} isAuthor
 * @property {boolean} isUser and not a guest
 * @property {boolean} moderates whether they manage the room
 * @property {boolean} writes whether they may change something in the room, and are more than a reader
 *
 * @typedef {object} MessageAction
 * @property {string} name as in `Choice.action` (elements/actions.js)
 * @property {(asked: Person & Required<Circumstances>) => boolean} isAllowed whether the page offers it
 * @property {(message: Stored) => Change} [send] the command that does it
 * @property {string} [icon] a symbol of _icons.html; without it, only a part of the message itself offers the action
 * @property {string} [key] that does it while a message has the keyboard's focus: `KeyboardEvent.key`
 * @property {boolean} [inBar] a button of the toolbar; all others are in its menu
 * @property {boolean} [isDanger]
 *
 * @typedef {Extract<Command, {message: number}>} Change a command about one message
 * @typedef {typeof ROWS[number]} Row
 * @typedef {Exclude<Row, {send: unknown}>["name"]} WithoutSend the names of actions that message_commands.js does
 */

const ROWS = /** @satisfies {readonly MessageAction[]} */ (
  /** @type {const} */ ([
    { name: "react", icon: "#i-smile", key: "+", inBar: true, isAllowed: ({ isUser, writes }) => isUser && writes },
    { name: "reply", icon: "#i-reply", key: "r", inBar: true, isAllowed: ({ writes, mayPost }) => writes && mayPost },
    { name: "thread", icon: "#i-thread", key: "t", inBar: true, isAllowed: ({ writes, mayPost }) => writes && mayPost },
    { name: "edit", icon: "#i-edit", key: "e", inBar: true, isAllowed: ({ isAuthor, writes }) => isAuthor && writes },
    { name: "save", icon: "#i-bookmark", key: "s", inBar: true, isAllowed: ({ isUser, isSaved }) => isUser && !isSaved },
    {
      name: "unsave",
      icon: "#i-bookmarked",
      key: "s",
      inBar: true,
      isAllowed: ({ isUser, isSaved }) => isUser && isSaved,
      send: ({ id }) => command.save(id, false),
    },
    { name: "remind", icon: "#i-bell", isAllowed: ({ isUser }) => isUser },
    {
      name: "pin",
      icon: "#i-pin",
      key: "p",
      isAllowed: (asked) => mayPin(asked) && !asked.message.pinned,
      send: ({ id }) => command.pin(id, true),
    },
    {
      name: "unpin",
      icon: "#i-unpin",
      key: "p",
      isAllowed: (asked) => mayPin(asked) && asked.message.pinned !== null,
      send: ({ id }) => command.pin(id, false),
    },
    { name: "unread", icon: "#i-unread", key: "u", isAllowed: ({ role }) => role !== null },
    { name: "copy", icon: "#i-copy", isAllowed: ({ message }) => message.text !== "" },
    {
      name: "close_poll",
      icon: "#i-check",
      isAllowed: (asked) => mayVote(asked) && asked.isAuthor,
      send: ({ id }) => command.closePoll(id),
    },
    { name: "link", icon: "#i-link", isAllowed: () => true },
    { name: "forward", icon: "#i-forward", isAllowed: ({ isUser }) => isUser },
    {
      name: "history",
      icon: "#i-history",
      isAllowed: ({ message, isAuthor, moderates, seesEdits }) =>
        message.edited_at !== null && (isAuthor || moderates || seesEdits),
    },
    { name: "report", icon: "#i-flag", isAllowed: ({ isAuthor }) => !isAuthor },
    { name: "mute", icon: "#i-muted", isAllowed: ({ isAuthor, moderates, isDirect }) => !isAuthor && moderates && !isDirect },
    { name: "ban_guest", icon: "#i-ban", isDanger: true, isAllowed: ({ message, mayBan }) => mayBan && message.guest !== null },
    {
      name: "delete",
      icon: "#i-delete",
      key: "Delete",
      isDanger: true,
      // A person with the role `reader` may still delete their own earlier messages.
      isAllowed: ({ isOpen, isAuthor, moderates }) => isOpen && (isAuthor || moderates),
    },
    { name: "vote", isAllowed: (asked) => mayVote(asked) },
  ])
);

/** @type {readonly MessageAction[]} in the order of the toolbar, its menu and the sheet */
export const MESSAGE_ACTIONS = ROWS;

/**
 * Which actions the page offers a person for a message.
 * @param {Shown} message
 * @param {You} you
 * @param {string | null} role of the person in the room
 * @param {Circumstances} [circumstances]
 * @returns {Set<string>} names
 */
export function allowedActions(message, you, role, circumstances = {}) {
  // A message of the outbox has no id yet.
  if (message.id === null || message.deleted) return new Set();
  const { isOpen = true, mayPost = isOpen, isSaved = false, seesEdits = false, mayBan = false } = circumstances;
  const { isDirect = false, whoPins = "members" } = circumstances;
  const person = { message, role, isAuthor: isMine(message, you), isUser: you.user !== null, moderates: isModerator(role) };
  const room = { isOpen, mayPost, isDirect, whoPins, isSaved, seesEdits, mayBan, writes: isOpen && role !== "reader" };
  return new Set(MESSAGE_ACTIONS.filter(({ isAllowed }) => isAllowed({ ...person, ...room })).map(({ name }) => name));
}

/**
 * The action of a key, among those that a message allows. Letters may be typed with Caps Lock.
 * @param {Pick<KeyboardEvent, "key">} event
 * @param {Set<string>} allowed
 * @returns {string | undefined} its name
 */
export function actionOfKey({ key }, allowed) {
  const pressed = key.length === 1 ? key.toLowerCase() : key;
  return MESSAGE_ACTIONS.find((action) => action.key === pressed && allowed.has(action.name))?.name;
}

/** @param {Person & Required<Circumstances>} asked */
function mayPin({ isOpen, role, whoPins }) {
  return isOpen && isInCircle(role, whoPins);
}

/** @param {Person} asked */
function mayVote({ message, isUser, writes }) {
  return message.poll !== null && !message.poll.closed && isUser && writes;
}
