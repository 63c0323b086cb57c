/** Draws messages that filters hold, and people who are muted, in the panel of a room's moderators. */

import { plannedTime, sinceTime } from "../dates.js";
import { find, fromTemplate, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { nameOf } from "./report_item.js";

/** @import { HeldMessage, PersonMute } from "../wire.d.ts" */

/** @param {HeldMessage} held */
export function heldItem({ at, author, files, filter, found, guest, id, text }) {
  const item = fromTemplate("held-item-template");
  item.dataset.held = String(id);
  setText(find(item, ".report-about"), nameOf(author, guest));
  setText(find(item, ".report-by"), phrase("held_by", { name: filter, found, time: sinceTime(new Date(at)) }));
  setText(find(item, ".report-text"), text || phrase("no_text"));
  setText(find(item, ".held-files"), phrase("files_count", { count: files }));
  show(find(item, ".held-files"), files > 0);
  return item;
}

/** @param {PersonMute} mute */
export function muteItem({ guest, person, reason, until }) {
  const item = fromTemplate("mute-item-template");
  // Of one of them: the other one is empty.
  item.dataset.person = String(person?.id ?? "");
  item.dataset.guest = guest?.id ?? "";
  item.dataset.name = nameOf(person, guest);
  setText(find(item, "b"), nameOf(person, guest));
  const end = phrase("muted_until", { time: plannedTime(new Date(until)) });
  setText(find(item, "span"), [end, reason].filter(Boolean).join(" · "));
  return item;
}
