/** The badge of a room: how many messages are unread, or how many of them mention the person. */

import { setText, shortCount, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { countOf } from "../room_states.js";

/** @import { RoomState } from "../wire.d.ts" */

/** @param {HTMLElement} badge @param {Pick<RoomState, "archived" | "muted" | "unread" | "mentions">} room */
export function drawBadge(badge, room) {
  const { mentions, unread } = room;
  const count = countOf(room);
  const isMentioned = mentions > 0 && count > 0;
  show(badge, count > 0);
  badge.classList.toggle("mentioned", isMentioned);
  // The style sheet puts @ before the number of mentions.
  setText(badge, shortCount(isMentioned ? mentions : count));
  badge.title = phrase(isMentioned ? "unread_mentioned" : "unread_label", { count: unread, mentions });
  badge.setAttribute("aria-label", badge.title);
}
