/** The marks below a message: who has pinned it, and that the reader has saved it. */

import { plannedTime } from "../dates.js";
import { find, fromTemplate, setText } from "../dom.js";
import { phrase } from "../phrases.js";
import { updatePart } from "./message_parts.js";
import { pinnedBy } from "./pins.js";

/**
 * @import { KnownPeople } from "../known_people.js"
 * @import { Shown } from "../unsent.js"
 * @import { Saved } from "../wire.d.ts"
 *
 * @typedef {{name: string, icon: string, text: string}} Mark `icon`: a symbol of _icons.html
 */

/**
 * @param {HTMLElement} article
 * @param {Shown} message
 * @param {Saved | undefined} saved whether the reader has saved it, and for when
 * @param {KnownPeople} people
 */
export function drawMarks(article, message, saved, people) {
  const marks = marksOf(message, saved, people);
  updatePart(article, "marks", marks.length > 0)?.replaceChildren(...marks.map(draw));
}

/**
 * The marks of a message, in their order.
 * @param {Shown} message
 * @param {Saved | undefined} saved
 * @param {KnownPeople} people
 * @returns {Mark[]}
 */
function marksOf({ pinned }, saved, people) {
  const marks = [];
  if (pinned) marks.push({ name: "pinned", icon: "#i-pin", text: pinnedBy(pinned, people) });
  if (saved) marks.push({ name: "saved", icon: "#i-bookmarked", text: savedText(saved) });
  return marks;
}

/** @param {Mark} mark */
function draw({ name, icon, text }) {
  const mark = fromTemplate("mark-template");
  mark.dataset.mark = name;
  find(mark, "use", SVGElement).setAttribute("href", icon);
  setText(find(mark, ".mark-text"), text);
  return mark;
}

/** @param {Saved} saved */
function savedText({ is_due: isDue, remind_at: at }) {
  if (isDue) return phrase("saved_due");
  return at ? phrase("saved_until", { time: plannedTime(new Date(at)) }) : phrase("saved_mark");
}
