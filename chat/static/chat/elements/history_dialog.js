/** Shows what a message said before its edits: the dialog `#history-dialog` of the shell. */

import { sinceTime } from "../dates.js";
import { byId, find, fromTemplate, setText } from "../dom.js";
import { textDiff } from "../text_diff.js";

/**
 * @import { FormerText, Message } from "../wire.d.ts"
 * @import { Part } from "../text_diff.js"
 */

/** @type {Record<Part["kind"], string>} */
const TAGS = { same: "span", removed: "del", added: "ins" };

/** @param {Message} message @param {FormerText[]} former its texts before, the oldest first @param {AbortSignal} signal */
export function showHistory(message, former, signal) {
  const dialog = byId("history-dialog", HTMLDialogElement);
  const texts = [...former.map(({ text }) => text), message.text];
  // A text is there since the edit that ended the one before it.
  const since = [message.at, ...former.map(({ until }) => until)];
  const items = texts.map((text, at) => itemOf(at ? (texts[at - 1] ?? "") : text, text, new Date(since[at] ?? message.at)));
  find(dialog, ".history").replaceChildren(...items.reverse());
  dialog.showModal();
  signal.addEventListener("abort", () => dialog.close());
}

/** @param {string} before @param {string} text @param {Date} at */
function itemOf(before, text, at) {
  const item = fromTemplate("history-template");
  const time = find(item, "time", HTMLTimeElement);
  time.dateTime = at.toISOString();
  setText(time, sinceTime(at));
  const parts = textDiff(before, text).map((part) => Object.assign(document.createElement(TAGS[part.kind]), { textContent: part.text }));
  find(item, ".history-text").append(...parts);
  return item;
}
