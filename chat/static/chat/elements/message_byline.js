/** The line above the text of a message: who sent it, with their status, when, and whether it notified nobody. */

import { clockTime, fullTime } from "../dates.js";
import { find, findOptional, fromTemplate, setText } from "../dom.js";

/**
 * @import { Shown } from "../unsent.js"
 * @import { Status } from "../wire.d.ts"
 */

/** A guest has no card that a button could open. @param {HTMLElement} button */
export function replaceByText(button) {
  const text = document.createElement("span");
  text.className = button.className;
  text.dir = button.dir;
  button.replaceWith(text);
}

/** The status after the name; null removes it. @param {HTMLElement} author @param {Status | null} status */
export function drawStatus(author, status) {
  const byline = /** @type {HTMLElement} */ (author.parentElement);
  const known = findOptional(byline, ":scope > .status-emoji");
  if (!status) return known?.remove();
  const shown = known ?? fromTemplate("status-emoji-template");
  setText(find(shown, "[aria-hidden]"), status.emoji || "💬");
  setText(find(shown, ".visually-hidden"), status.text);
  shown.title = status.text;
  if (!known) author.after(" ", shown);
}

/** @param {HTMLTimeElement} time @param {Shown} message */
export function drawTime(time, { at }) {
  const moment = new Date(at);
  time.dateTime = at;
  setText(time, clockTime(moment));
  time.title = fullTime(moment);
}

/** The mark after the time of a message that notified nobody. @param {HTMLElement} byline @param {boolean} isSilent */
export function drawSilent(byline, isSilent) {
  const known = findOptional(byline, ".silent-mark");
  if (!isSilent) known?.remove();
  else if (!known) find(byline, ".at").after(" ", fromTemplate("silent-mark-template"));
}
