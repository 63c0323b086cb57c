/** The links of the sidebar to the pages over all rooms, with the numbers of unread messages and of mentions. */

import { findOptional, setText, shortCount, show } from "../dom.js";
import { nextFrame } from "../next_frame.js";
import { phrase } from "../phrases.js";

/**
 * @import { SavedMessages } from "../saved_messages.js"
 * @import { Store } from "../store.js"
 */

export class OverviewLinks {
  #store;
  #unread;
  #mentions;
  #threads;
  #saved;
  #savedLink;

  /** Guests have no such links. @param {ParentNode} sidebar @param {Store} store @param {SavedMessages} saved */
  constructor(sidebar, store, saved) {
    this.#store = store;
    this.#saved = saved;
    this.#savedLink = findOptional(sidebar, "[data-overview=saved]");
    this.#unread = findOptional(sidebar, "[data-overview=unread] .unread");
    this.#threads = findOptional(sidebar, "[data-overview=threads] .unread");
    this.#mentions = findOptional(sidebar, "[data-overview=mentions] .unread");
    store.on("rooms", nextFrame(() => this.#draw()).ask);
    saved.on("change", () => this.#drawSaved());
    this.#draw();
  }

  #draw() {
    const rooms = [...this.#store.rooms.values()].filter(({ archived }) => !archived);
    draw(this.#unread, this.#store.unread, "unread_label");
    draw(this.#mentions, rooms.reduce((sum, { mentions }) => sum + mentions, 0), "mentions_label");
    draw(this.#threads, this.#store.unreadThreads, "threads_label");
  }

  /** The link is there while something is saved, or while its page is shown. */
  #drawSaved() {
    if (!this.#savedLink) return;
    show(this.#savedLink, this.#saved.size > 0 || this.#savedLink.hasAttribute("aria-current"));
    draw(findOptional(this.#savedLink, ".unread"), this.#saved.dueCount, "reminders_label");
  }
}

/** @param {HTMLElement | null} badge @param {number} count @param {string} label a phrase */
function draw(badge, count, label) {
  if (!badge) return;
  show(badge, count > 0);
  setText(badge, shortCount(count));
  badge.title = phrase(label, { count });
  badge.setAttribute("aria-label", badge.title);
}
