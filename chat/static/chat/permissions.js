/** What roles and circles of a room may do, for what the page offers. The server checks it again: see chat/domain/policy.py. */

/**
 * @import { RoomState } from "./wire.d.ts"
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
export const isInCircle = (role, circle) => CIRCLES[circle]?.has(role ?? "") ?? false;

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
