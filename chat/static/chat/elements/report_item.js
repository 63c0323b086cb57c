/** Draws one report in the panel of a room's moderators, and the messages around the reported one. */

import { sinceTime } from "../dates.js";
import { find, fromTemplate, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { personName } from "../senders.js";
import { excerpt } from "./message_text.js";

/**
 * @import { Guest, Message, PersonName, Report, ReportAct, ReportContextReply, ReportCounts } from "../wire.d.ts"
 */

/** Phrases for the reasons of reports, and for what moderators did. */
const REASONS = new Map([
  ["spam", "reason_spam"],
  ["abuse", "reason_abuse"],
  ["illegal", "reason_illegal"],
  ["private", "reason_private"],
  ["other", "reason_other"],
  ["filter", "reason_filter"],
]);
const ACTED = new Map([
  ["dismiss", "acted_dismiss"],
  ["remove", "acted_remove"],
  ["mute", "acted_mute"],
  ["ban", "acted_ban"],
  ["write", "acted_write"],
]);
/** Phrases for what was done. */
const DONE = new Map([
  ["dismiss", "done_dismiss"],
  ["remove", "done_remove"],
  ["post", "done_post"],
  ["refuse", "done_refuse"],
]);

/**
 * Draw a report. Its open context, and what is being written to the reporter, stay as they are.
 * @param {HTMLElement} item from `#report-item-template`, new or drawn before
 * @param {Report} report
 */
export function drawReport(item, report) {
  item.dataset.report = String(report.id);
  const { about, guest, message, note, outcome, reason, reporter, reporter_name: name, text } = report;
  setText(find(item, ".report-about"), nameOf(about, guest));
  setText(find(item, ".report-reason"), phrase(REASONS.get(reason) ?? "reason_other"));
  const by = { name: reporter?.name ?? name, time: sinceTime(new Date(report.at)) };
  setText(find(item, ".report-by"), phrase("reported_by", by));
  setText(find(item, ".report-text"), text || (message && excerpt(message)) || phrase("no_text"));
  setText(find(item, ".report-note"), note && phrase("quoted", { text: note }));
  show(find(item, ".report-note"), note !== "");
  const now = changeSince(message, text);
  setText(find(item, ".report-now"), now);
  show(find(item, ".report-now"), now !== "");
  const isStanding = message !== null && !message.deleted;
  const offered = new Map([
    ["dismiss", outcome === ""],
    ["remove", isStanding],
    ["restore", Boolean(message?.removed)],
    ["ban", about !== null],
    ["write", reporter !== null],
    ["context", message !== null],
    ["goto", message !== null],
  ]);
  for (const [act, isOffered] of offered) show(find(item, `[data-act=${act}]`), isOffered);
  find(item, ".report-acts").replaceChildren(...report.acts.map(actLine));
  show(find(item, ".report-acts"), report.acts.length > 0);
}

/** What became of a reported message since then. @param {Message | null} message @param {string} text what it said */
function changeSince(message, text) {
  if (!message) return "";
  if (message.removed) return phrase("removed");
  if (message.deleted) return phrase("deleted");
  return message.text === text ? "" : phrase("report_edited");
}

/** @param {ReportAct} act */
function actLine({ act, at, by, note }) {
  const line = document.createElement("li");
  const done = phrase(ACTED.get(act) ?? "acted_dismiss", { name: by, time: sinceTime(new Date(at)) });
  line.textContent = [done, note].filter(Boolean).join(": ");
  return line;
}

/** Draw the messages around the reported one. @param {HTMLElement} place @param {ReportContextReply} reply */
export function drawContext(place, { about, messages, report, reporter }) {
  const lines = messages.map((each) => contextLine(each, each.id === report.message?.id));
  find(place, "ol").replaceChildren(...lines);
  setText(find(place, ".counts-about"), countsText("reports_about", about));
  setText(find(place, ".counts-by"), countsText("reports_by", reporter));
}

/** What was just done, in a sentence. @param {string} act */
export const doneText = (act) => phrase(DONE.get(act) ?? "done_dismiss");

/** @param {PersonName | null} person @param {Guest | null} guest */
export function nameOf(person, guest) {
  return person?.name ?? (guest ? phrase("guest_named", { name: guest.name }) : "");
}

/** @param {string} name of a phrase @param {ReportCounts} counts */
function countsText(name, { acted, dismissed, total }) {
  return phrase(name, { total, acted, dismissed });
}

/** @param {Message} message @param {boolean} isReported */
function contextLine(message, isReported) {
  const line = fromTemplate("report-line-template");
  line.classList.toggle("reported", isReported);
  if (isReported) line.setAttribute("aria-current", "true");
  setText(find(line, "b"), personName({ user: message.author, guest: message.guest }));
  setText(find(line, "span"), message.deleted ? phrase(message.removed ? "removed" : "deleted") : message.text || excerpt(message));
  const time = find(line, "time", HTMLTimeElement);
  time.dateTime = message.at;
  setText(time, sinceTime(new Date(message.at)));
  return line;
}
