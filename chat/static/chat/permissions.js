/** Which actions a page offers. The server checks each of them again: see chat/domain/policy.py. */

import { isMine } from "./senders.js";

/**
 * @import { Shown } from "./unsent.js"
 * @import { RoomState, You } from "./wire.d.ts"
 *
 * @typedef {"react" | "reply" | "thread" | "edit" | "save" | "unsave" | "remind" | "pin" | "unpin" | "unread" | "copy" | "link" |
 *   "forward" | "history" | "report" | "mute" | "ban" | "delete" | "vote" | "close_poll"} Action
 *
 * @typedef {object} Circumstances
 * @property {boolean} [isOpen] whether they may change something in the room: react, edit, vote
 * @property {boolean} [mayPost] whether they may write new messages in the room
 * @property {boolean} [isDirect] whether the room is a direct one, which nobody moderates
 * @property {string} [whoPins] `who_pins` of the room
 * @property {boolean} [isSaved] whether they have saved the message
 * @property {boolean} [seesEdits] whether the site shows former texts to everyone
 * @property {boolean} [mayBan] whether they may ban guests from the site
 */

const MODERATORS = new Set(["owner", "moderator"]);
const WRITERS = new Set(["owner", "moderator", "member"]);

/** The roles of each circle of members, to whom a room gives a right. @type {Record<string, Set<string>>} */
const CIRCLES = { members: WRITERS, moderators: MODERATORS, owners: new Set(["owner"]) };

/**
 * Whether a role belongs to a circle: `members`, `moderators` or `owners`.
 * @param {string | null | undefined} role
 * @param {string} circle
 */
const isInCircle = (role, circle) => CIRCLES[circle]?.has(role ?? "") ?? false;

/**
 * Why a person may not write new messages in a room that they may write in otherwise; null if they may. As
 * chat/domain/policy.py says.
 * @param {Pick<RoomState, "who_posts" | "role" | "named_to_post">} room
 * @returns {"read_only" | "moderators" | "named" | null}
 */
export function whyNotPosting({ who_posts, role, named_to_post }) {
  if (who_posts === "nobody") return "read_only";
  if (who_posts === "everyone" || isModerator(role)) return null;
  if (who_posts === "moderators") return "moderators";
  return named_to_post ? null : "named";
}

/** Whether a role is one of those that manage a room. @param {string | null | undefined} role */
export const isModerator = (role) => MODERATORS.has(role ?? "");

/**
 * What a person may do with a message.
 * @param {Shown} message
 * @param {You} you
 * @param {string | null} role of the person in the room
 * @param {Circumstances} [circumstances]
 * @returns {Set<Action>}
 */
export function allowedActions(message, you, role, circumstances = {}) {
  const { isOpen = true, mayPost = isOpen, isSaved = false, seesEdits = false, mayBan = false } = circumstances;
  const { isDirect = false, whoPins = "members" } = circumstances;
  // A message of the outbox has no id yet.
  if (message.id === null || message.deleted) return new Set();
  const mine = isMine(message, you);
  /** @type {Set<Action>} */
  const actions = new Set(["link"]);
  if (message.text) actions.add("copy");
  if (role !== null) actions.add("unread");
  if (you.user) actions.add(isSaved ? "unsave" : "save").add("remind").add("forward");
  const isModerator = role !== null && MODERATORS.has(role);
  if (message.edited_at && (mine || isModerator || seesEdits)) actions.add("history");
  if (!mine) actions.add("report");
  if (!mine && isModerator && !isDirect) actions.add("mute");
  if (mayBan && message.guest) actions.add("ban");
  if (!isOpen) return actions;
  const isReader = role === "reader";
  if (you.user && !isReader) actions.add("react");
  if (!isReader && mayPost) actions.add("reply").add("thread");
  if (mine && !isReader) actions.add("edit");
  if (message.poll && !message.poll.closed && you.user && !isReader) {
    actions.add("vote");
    if (mine) actions.add("close_poll");
  }
  // A person with the role `reader` may still delete their own earlier messages.
  if (mine || isModerator) actions.add("delete");
  if (isInCircle(role, whoPins)) actions.add(message.pinned ? "unpin" : "pin");
  return actions;
}
