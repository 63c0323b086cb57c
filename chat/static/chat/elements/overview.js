/**
 * The pages “All unread”, “Mentions” and “Threads”, which the server makes. This module loads the list again when the unread
 * messages have changed, and sends the forms without leaving the page.
 */

import { plannedTime, sinceTime } from "../dates.js";
import { find, findAll, findOptional, setText, show } from "../dom.js";
import { fromFieldForm, inFieldForm } from "../later_times.js";
import { Timer } from "../timer.js";
import { zoneLine } from "./time_dialog.js";

/** @import { Store } from "../store.js" */

const USABLE = ".overview-list a, .overview-list button";
/** Between two requests for the list. */
const PAUSE_MS = 2_000;

export class Overview {
  #root;
  #store;
  #timer;
  /** What was unread when the list was made; null if something else has changed. @type {string | null} */
  #drawn;
  /** Which changes of rooms the list may have, as one text. */
  #versions;

  /** @param {HTMLElement} root the list @param {Store} store */
  constructor(root, store) {
    this.#root = root;
    this.#store = store;
    this.#drawn = this.#unread;
    this.#versions = versions(store);
    drawTimes(root);
    this.#timer = new Timer(() => this.#refresh());
    root.addEventListener("submit", (event) => this.#submit(event));
    store.on("rooms", () => this.#changed());
    store.on("you", () => this.#connected());
    store.on("look", () => drawTexts(root));
    document.addEventListener("visibilitychange", () => this.#changed());
  }

  /** Which rooms have how many unread messages and mentions, and which unread threads, as one text. */
  get #unread() {
    const rooms = [...this.#store.rooms.values()].filter(({ unread, threads }) => unread > 0 || threads.length > 0);
    return rooms.map(({ slug, unread, mentions, threads }) => `${slug} ${unread} ${mentions} ${threads.join(".")}`).join();
  }

  /** What the list shows has changed. */
  reload() {
    this.#drawn = null;
    this.#changed();
  }

  /** There is a new connection: hints may have been lost while there was none. */
  #connected() {
    const now = versions(this.#store);
    if (now === this.#versions) return;
    this.#versions = now;
    this.reload();
  }

  #changed() {
    // A form that is filled in is not replaced.
    if (this.#root.querySelector("details[open]")) return;
    if (!this.#root.isConnected || document.visibilityState !== "visible") return;
    if (this.#unread !== this.#drawn && !this.#timer.isRunning) this.#timer.start(PAUSE_MS);
  }

  #refresh() {
    this.#load(fetch(location.href));
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    if (!(event.target instanceof HTMLFormElement)) return;
    event.preventDefault();
    const { action, method } = event.target;
    this.#load(fetch(action, { method, body: new FormData(event.target) }));
  }

  /**
   * Draw the list that a response has. Without one, the list stays, and the next change tries again.
   * @param {Promise<Response>} response
   */
  async #load(response) {
    this.#drawn = this.#unread;
    try {
      const page = new DOMParser().parseFromString(await (await response).text(), "text/html");
      const list = page.querySelector(".overview-list");
      const shown = findOptional(this.#root, ".overview-list");
      if (!list || !shown) return;
      const place = focusedPlace(shown);
      drawTimes(list);
      shown.replaceWith(list);
      if (place !== null) this.#focus(place);
    } catch (error) {
      // The network is gone, or the page was left.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  /** The element that took the place of the one that had the focus, or else the heading. @param {number} place */
  #focus(place) {
    const usable = findAll(this.#root, USABLE);
    (usable[Math.min(place, usable.length - 1)] ?? findOptional(this.#root, "h1"))?.focus();
  }
}

/** @param {Store} store @returns {string} the versions that the last `welcome` had */
function versions(store) {
  return [...store.rooms.values()].map(({ slug, version }) => `${slug} ${version}`).join();
}

/** @param {ParentNode} root */
function drawTimes(root) {
  drawTexts(root);
  for (const part of findAll(root, ".scheduled-time")) drawTimeField(part);
}

/** In the reader's language; planned times in the zone in which they plan. @param {ParentNode} root */
function drawTexts(root) {
  for (const time of findAll(root, "time", HTMLTimeElement)) {
    const at = new Date(time.dateTime);
    const isFull = time.classList.contains("in-full");
    setText(time, isFull || time.classList.contains("planned") ? plannedTime(at, { isFull }) : sinceTime(at));
  }
}

/** The field for a time in the zone in which the reader plans; the form sends the hidden one. @param {HTMLElement} part */
function drawTimeField(part) {
  const form = /** @type {HTMLElement} */ (part.closest("form"));
  const field = find(part, "input", HTMLInputElement);
  const sent = find(form, "[name=at]", HTMLInputElement);
  field.value = inFieldForm(new Date(sent.value));
  field.min = inFieldForm(new Date());
  setText(find(part, ".zone-line"), zoneLine());
  field.addEventListener("input", () => (sent.value = fromFieldForm(field.value)?.toISOString() ?? ""));
  show(part, true);
}

/** @param {HTMLElement} list @returns {number | null} which of its links and buttons has the focus */
function focusedPlace(list) {
  const { activeElement } = document;
  if (!list.contains(activeElement)) return null;
  return [...list.querySelectorAll("a, button")].indexOf(/** @type {Element} */ (activeElement));
}
