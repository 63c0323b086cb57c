/** Keeps the scroll position in a room for the tab's history: for Back, Forward and a reload. */

import { storageKey } from "../storage_keys.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { LogPages } from "./log_pages.js"
 * @import { Scroller } from "./scroller.js"
 * @import { Timeline } from "./timeline.js"
 * @typedef {{id: number, seq: number, offset: number}} Position a message, and its offset in the view (Scroller.offsetOf)
 */

export class ScrollPosition {
  #storage;
  #store;
  #room;
  #key;
  #signal;
  #timeline;
  #scroller;
  #pages;
  /** @type {Position | null} restored as soon as its message is loaded */
  #wanted = null;
  #isLoading = false;

  /**
   * @param {RoomContext} context
   * @param {{timeline: Timeline, scroller: Scroller, pages: LogPages}} parts
   */
  constructor({ owner, room, signal, store, tabStorage }, { timeline, scroller, pages }) {
    this.#storage = tabStorage;
    this.#store = store;
    this.#room = room;
    this.#key = storageKey("place", owner, room);
    this.#signal = signal;
    this.#timeline = timeline;
    this.#scroller = scroller;
    this.#pages = pages;
    window.addEventListener("pagehide", () => this.keep(), { signal });
  }

  /**
   * Scroll to where the reader was when they left. What is not loaded yet waits for `load`.
   * @returns {boolean} whether that is known
   */
  restore() {
    const position = this.stored;
    this.return(position);
    return position !== null;
  }

  /** Scroll to a position, if there is one. @param {Position | null} position as of `current` */
  return(position) {
    if (!position || this.#goTo(position)) return;
    this.#wanted = position;
    // A reader who scrolls or types meanwhile wants to be elsewhere.
    for (const gesture of ["wheel", "pointerdown", "keydown"]) {
      const options = { once: true, passive: true, signal: this.#signal };
      window.addEventListener(gesture, () => (this.#wanted = null), options);
    }
  }

  /** The connection is there: load the messages that `return` lacked. */
  async load() {
    if (this.#wanted === null || this.#isLoading) return;
    this.#isLoading = true;
    await this.#pages.showAround(this.#wanted.seq).catch(() => {});
    this.#isLoading = false;
    if (this.#wanted && !this.#signal.aborted) this.#goTo(this.#wanted);
    this.#wanted = null;
  }

  /**
   * Where the reader is, or will be when it is loaded; null at the end of a room without unread messages: there a visit
   * begins by itself.
   * @returns {Position | null}
   */
  current() {
    if (this.#wanted) return this.#wanted;
    const [article] = this.#scroller.inView();
    const isRead = !this.#store.rooms.get(this.#room)?.unread;
    if (!article || (this.#scroller.atBottom && isRead)) return null;
    const { id, seq } = this.#timeline.messageOf(article);
    return id === null ? null : { id, seq, offset: this.#scroller.offsetOf(article) };
  }

  /** Store the position, if there is one. */
  keep() {
    const position = this.current();
    try {
      if (position) this.#storage.setItem(this.#key, JSON.stringify(position));
      else this.#storage.removeItem(this.#key);
    } catch {
      // Storage is full: the page will begin at the bottom.
    }
  }

  /** @param {Position} position @returns {boolean} whether its message is there */
  #goTo({ id, offset }) {
    const article = this.#timeline.articleOf(id);
    if (article) this.#scroller.place(article, offset);
    return article !== undefined;
  }

  /** Where the reader was when they left; null for the end. @returns {Position | null} */
  get stored() {
    try {
      const position = JSON.parse(this.#storage.getItem(this.#key) ?? "null");
      return typeof position?.offset === "number" && typeof position.seq === "number" ? position : null;
    } catch {
      return null;
    }
  }
}
