/** What the page adds to the HTML of messages: spoilers that open, boxes that can be ticked, times in the reader's zone. */

import { fullTime, momentText } from "../dates.js";
import { closest, findAll } from "../dom.js";
import { phrase } from "../phrases.js";
import { copyCode, frameCode, toggleCode } from "./message_code.js";

/**
 * @typedef {object} MarkupContext
 * @property {boolean} canTick whether the reader may tick the tasks of this message
 * @property {(slug: string) => string | undefined} roomName the name of a room that the reader has
 * @property {(slug: string) => string} roomPath
 */

/** @param {HTMLElement} body of a message, with HTML of the server @param {MarkupContext} context */
export function finishMarkup(body, { canTick, roomName, roomPath }) {
  for (const pre of findAll(body, "pre")) frameCode(pre);
  for (const table of findAll(body, "table")) wrapTable(table);
  for (const spoiler of findAll(body, ".spoiler")) coverSpoiler(spoiler);
  for (const box of findAll(body, ".task-box", HTMLInputElement)) drawBox(box, canTick);
  for (const time of findAll(body, "time", HTMLTimeElement)) drawMoment(time);
  for (const link of findAll(body, ".room-mention", HTMLAnchorElement)) {
    const slug = link.dataset.room ?? "";
    const name = roomName(slug);
    link.href = roomPath(slug);
    link.title = "";
    if (name) link.textContent = `#${name}`;
  }
}

/**
 * Let the parts of messages be used: by click, by tap, and by Enter or Space.
 * @param {HTMLElement} log
 * @param {AbortSignal} signal
 */
export function listenToMarkup(log, signal) {
  /** @param {MouseEvent} event */
  const clicked = (event) => {
    const covered = closest(event, ".spoiler:not(.open)");
    const copy = closest(event, "[data-copy-code]");
    const unfold = closest(event, ".code-unfold");
    if (covered) {
      // What it covers may be a link or a mention.
      event.preventDefault();
      event.stopImmediatePropagation();
      openSpoiler(covered);
    } else if (copy) void copyCode(copy);
    else if (unfold) toggleCode(unfold);
  };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    const { key, target } = event;
    if ((key !== "Enter" && key !== " ") || !(target instanceof HTMLElement)) return;
    if (!target.matches(".spoiler:not(.open)")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    openSpoiler(target);
  };
  log.addEventListener("click", clicked, { capture: true, signal });
  log.addEventListener("keydown", pressed, { capture: true, signal });
}

/** A wide table scrolls sideways in a frame of its own. @param {HTMLElement} table */
function wrapTable(table) {
  const frame = document.createElement("div");
  frame.className = "table-frame";
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", phrase("table"));
  table.replaceWith(frame);
  frame.append(table);
  for (const cell of findAll(table, "th, td")) cell.dir = "auto";
}

/** @param {HTMLElement} spoiler */
function coverSpoiler(spoiler) {
  spoiler.setAttribute("role", "button");
  spoiler.setAttribute("aria-label", phrase("spoiler"));
  spoiler.title = phrase("spoiler_open");
  spoiler.tabIndex = -1;
  // Nothing behind the cover is read aloud or reached by keys.
  const inner = document.createElement("span");
  inner.className = "spoiler-text";
  inner.inert = true;
  inner.append(...spoiler.childNodes);
  spoiler.append(inner);
}

/** @param {HTMLElement} spoiler */
function openSpoiler(spoiler) {
  spoiler.classList.add("open");
  if (spoiler.firstElementChild instanceof HTMLElement) spoiler.firstElementChild.inert = false;
  for (const name of ["role", "aria-label", "title"]) spoiler.removeAttribute(name);
}

/** @param {HTMLInputElement} box @param {boolean} canTick */
function drawBox(box, canTick) {
  const item = box.closest("li");
  box.disabled = !canTick;
  box.setAttribute("aria-label", (item?.textContent ?? "").trim().split("\n", 1)[0] ?? "");
  if (canTick) box.dataset.action = "tick";
}

/** @param {HTMLTimeElement} time */
function drawMoment(time) {
  const moment = new Date(time.dateTime);
  if (Number.isNaN(moment.getTime())) return;
  time.className = "moment";
  time.title = `${fullTime(moment)} (${time.textContent})`;
  time.textContent = momentText(moment);
}
