/**
 * Scrolls the timeline: it stays at the bottom while the reader is there. Otherwise it keeps the text that they read in
 * place, whatever is added above or below. The scroll anchoring of browsers (`overflow-anchor`) is not used: it differs
 * between them.
 */

import { find } from "../dom.js";
import { Emitter } from "../emitter.js";

/** With this much content below the view, or less, the reader counts as at the bottom. */
const BOTTOM_PX = 40;
/** Nearer to an end of the content than this, the next page of messages should be loaded. */
const NEAR_PX = 800;

/**
 * @typedef {object} ScrollerEvents
 * @property {[]} move the position or `atBottom` may have changed
 */

/** @extends {Emitter<ScrollerEvents>} */
export class Scroller extends Emitter {
  /** Whether the reader is at the end of the room. */
  atBottom = true;
  /** Whether what is shown does not reach the end of the room. */
  isDetached = false;
  /** The viewport's `scrollTop`, in px, when `atBottom` was last computed. */
  #top = 0;
  /** The viewport's `scrollHeight`, in px, at that time. */
  #height = 0;
  #viewport;
  #content;
  /** @type {number | undefined} px from the top of the browser's window to the view, at the last resize */
  #upperEdge;

  /** @param {HTMLElement} root of the room @param {AbortSignal} signal */
  constructor(root, signal) {
    super();
    this.#viewport = find(root, ".timeline");
    this.#content = find(root, ".log");
    this.#viewport.addEventListener("scroll", () => this.#scrolled(), { passive: true, signal });
    const resized = new ResizeObserver(() => {
      this.#noticeScroll();
      const { top } = this.#viewport.getBoundingClientRect();
      if (this.atBottom) this.toBottom();
      else this.#shifted(top - (this.#upperEdge ?? top));
      this.#upperEdge = top;
    });
    resized.observe(this.#viewport);
    resized.observe(this.#content);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  get isNearTop() {
    return this.#viewport.scrollTop < NEAR_PX;
  }

  get isNearEnd() {
    return this.#belowView < NEAR_PX;
  }

  /** Show the end of the room until it is known where the reader begins. A window is not scrolled: it ends earlier. */
  begin() {
    if (this.isDetached) this.#moved();
    else this.toBottom();
  }

  /** Scroll to the end; in an empty room, to the top: the hints what to do first may be taller than the view. */
  toBottom() {
    this.#viewport.scrollTop = this.#content.classList.contains("empty") ? 0 : this.#viewport.scrollHeight;
    this.#moved();
  }

  /** Scroll an element that is not in view to the upper part of the view. @param {Element} element */
  reveal(element) {
    const view = this.#viewport.getBoundingClientRect();
    const box = element.getBoundingClientRect();
    if (box.top < view.top || box.bottom > view.bottom) this.lead(element);
  }

  /** Scroll an element to one fifth of the view, from its top: the reader goes on there. @param {Element} element */
  lead(element) {
    this.place(element, this.#viewport.clientHeight / 5);
  }

  /** @param {Element} article @returns {number} how many pixels its text is below the upper edge of the view */
  offsetOf(article) {
    return textOf(article).getBoundingClientRect().top - this.#viewport.getBoundingClientRect().top;
  }

  /** Scroll an article to an offset. @param {Element} article @param {number} offset in pixels, as of `offsetOf` */
  place(article, offset) {
    this.#viewport.scrollTop += this.offsetOf(article) - offset;
    this.#moved();
  }

  /**
   * The first message of which a part is in view, and the last one whose end is in view or above it. So a message that
   * is taller than the view is not the last one until its end comes into view.
   * @returns {[HTMLElement | undefined, HTMLElement | undefined]}
   */
  inView() {
    const edge = this.#viewport.getBoundingClientRect().bottom + 1;
    let row = this.#row(this.#search((box) => box.bottom <= edge) - 1);
    while (row && !row.matches(".message[data-seq]")) row = row.previousElementSibling;
    return [this.#firstInView(), /** @type {HTMLElement | undefined} */ (row ?? undefined)];
  }

  /** Add, remove or redraw messages, without moving what the reader sees. @param {() => void} change changes them */
  keep(change) {
    this.#noticeScroll();
    if (this.atBottom && !this.isDetached) {
      change();
      this.toBottom();
      return;
    }
    const first = this.#firstInView();
    const anchor = first && textOf(first);
    const before = anchor?.getBoundingClientRect().top ?? 0;
    change();
    if (anchor?.isConnected) this.#viewport.scrollTop += anchor.getBoundingClientRect().top - before;
    this.#moved();
  }

  /**
   * Set `atBottom` to false if the reader has scrolled up since the browser last painted: its `scroll` event comes only
   * with the next paint. Other changes of the position or of the height do not count: a reader at the bottom stays
   * there.
   */
  #noticeScroll() {
    // A view that was at its top cannot have been scrolled up. Then do not ask for a layout: it is costly before a room
    // is drawn.
    if (this.atBottom && this.#top > 0 && this.#isScrolledUp && this.#belowView > BOTTOM_PX) this.atBottom = false;
  }

  /** Whether the view is higher up than it was. The browser moves it up, too, where the content became shorter. */
  get #isScrolledUp() {
    const { scrollHeight, scrollTop } = this.#viewport;
    return scrollTop < this.#top - Math.max(0, this.#height - scrollHeight);
  }

  /** A `scroll` event. If the content and the view became shorter in one paint, the reader has not scrolled. */
  #scrolled() {
    if (this.atBottom && !this.isDetached && this.#belowView > BOTTOM_PX && !this.#isScrolledUp) this.toBottom();
    else this.#moved();
  }

  /**
   * The view begins further down, because a bar appeared above it: keep the text in its place on the screen.
   * @param {number} pixels
   */
  #shifted(pixels) {
    if (pixels) this.#viewport.scrollTop += pixels;
    this.#moved();
  }

  #moved() {
    this.#top = this.#viewport.scrollTop;
    this.#height = this.#viewport.scrollHeight;
    this.atBottom = !this.isDetached && this.#belowView <= BOTTOM_PX;
    this.emit("move");
  }

  /** Pixels of content below the view. */
  get #belowView() {
    const { scrollHeight, scrollTop, clientHeight } = this.#viewport;
    return scrollHeight - scrollTop - clientHeight;
  }

  #firstInView() {
    const { top } = this.#viewport.getBoundingClientRect();
    let row = this.#row(this.#search((box) => box.bottom <= top));
    while (row && !row.matches(".message")) row = row.nextElementSibling;
    return /** @type {HTMLElement | undefined} */ (row ?? undefined);
  }

  /** @param {number} at @returns {Element | null} */
  #row(at) {
    return this.#content.children[at] ?? null;
  }

  /** How many rows at the beginning fulfil `isBefore`: a binary search. @param {(box: DOMRect) => boolean} isBefore */
  #search(isBefore) {
    const rows = this.#content.children;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(/** @type {Element} */ (rows[middle]).getBoundingClientRect())) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * The part of an article that stays in place: its text. The lines above the text may go when a message is added before.
 * @param {Element} article
 */
function textOf(article) {
  return article.querySelector(".body") ?? article;
}
