/** The marks below a message: who has pinned it, and that the reader has saved it. */

import { plannedTime } from "../dates.js";
import { find, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { updatePart } from "./message_parts.js";
import { pinnedBy } from "./pins.js";

/**
 * @import { KnownPeople } from "../known_people.js"
 * @import { Pinned, Saved } from "../wire.d.ts"
 */

/**
 * @param {HTMLElement} article
 * @param {{pinned: Pinned | null, saved: Saved | undefined}} marked by whom, and for when
 * @param {KnownPeople} people
 */
export function drawMarks(article, { pinned, saved }, people) {
  const marks = updatePart(article, "marks", pinned !== null || saved !== undefined);
  if (!marks) return;
  show(find(marks, ".pinned-mark"), pinned !== null);
  if (pinned) setText(find(marks, ".pinned-mark > span"), pinnedBy(pinned, people));
  show(find(marks, ".saved-mark"), saved !== undefined);
  if (saved) setText(find(marks, ".saved-mark > span"), savedText(saved));
}

/** @param {Saved} saved */
function savedText({ is_due: isDue, remind_at: at }) {
  if (isDue) return phrase("saved_due");
  return at ? phrase("saved_until", { time: plannedTime(new Date(at)) }) : phrase("saved_mark");
}
