/** Where in the room the reader was: kept for the way back to the page, and for a reload. */

import { keptKey } from "../kept.js";

const KINDS = new Set(["back_forward", "reload"]);

export class Place {
  #sought = null;

  /**
   * @param {object} parts
   * @param {Storage} parts.storage this tab's own
   * @param {string} parts.owner whose place it is
   * @param {string} parts.room a slug
   * @param {import("./timeline.js").Timeline} parts.timeline
   * @param {import("./scroller.js").Scroller} parts.scroller
   * @param {import("./older.js").Older} parts.older
   */
  constructor({ storage, owner, room, timeline, scroller, older }) {
    Object.assign(this, { storage, timeline, scroller, older });
    this.key = keptKey("place", owner, room);
    window.addEventListener("pagehide", () => this.#keep());
  }

  /** Go where the reader was, when this page is one they come back to; or as soon as `seek` has loaded that. */
  restore() {
    const [visit] = performance.getEntriesByType("navigation");
    const kept = KINDS.has(visit?.type) ? read(this.storage, this.key) : null;
    if (!kept || this.#go(kept)) return;
    this.#sought = kept;
    // Whoever scrolls or types meanwhile is somewhere else by their own will.
    for (const gesture of ["wheel", "pointerdown", "keydown"]) {
      window.addEventListener(gesture, () => (this.#sought = null), { once: true, passive: true });
    }
  }

  /** There is a connection: load the older messages that `restore` lacked. */
  async seek() {
    if (this.#sought === null) return;
    const isHere = () => this.#sought === null || this.timeline.articleOf(this.#sought.id) !== undefined;
    await this.older.loadUntil(isHere).catch(() => false);
    if (this.#sought) this.#go(this.#sought);
    this.#sought = null;
  }

  #go({ id, top }) {
    const article = this.timeline.articleOf(id);
    if (article) this.scroller.place(article, top);
    return article !== undefined;
  }

  #keep() {
    const [article] = this.scroller.inView();
    const id = this.scroller.atBottom ? null : this.timeline.messageOf(article)?.id;
    const top = id && article.getBoundingClientRect().top - this.scroller.viewport.getBoundingClientRect().top;
    try {
      if (id) this.storage.setItem(this.key, JSON.stringify({ id, top }));
      else this.storage.removeItem(this.key);
    } catch {
      // Storage is full: the page opens at the end.
    }
  }
}

function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key));
  } catch {
    return null;
  }
}
