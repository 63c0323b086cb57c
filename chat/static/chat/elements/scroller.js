/**
 * The timeline's scrolling: it stays at the bottom while the reader is there, and else keeps what they read in place,
 * whatever is added above or below. Our own anchoring, so that all browsers do the same.
 */

import { Emitter } from "../emitter.js";

const BOTTOM_PX = 40;
const NEAR_TOP_PX = 800;

/** Emits `move` when the position or `atBottom` may have changed. */
export class Scroller extends Emitter {
  atBottom = true;

  /** @param {HTMLElement} viewport what scrolls @param {HTMLElement} content what is in it */
  constructor(viewport, content) {
    super();
    this.viewport = viewport;
    this.content = content;
    viewport.addEventListener("scroll", () => this.#moved(), { passive: true });
    const resized = new ResizeObserver(() => {
      if (this.atBottom) this.toBottom();
      else this.#moved();
    });
    resized.observe(viewport);
    resized.observe(content);
  }

  get nearTop() {
    return this.viewport.scrollTop < NEAR_TOP_PX;
  }

  toBottom() {
    this.viewport.scrollTop = this.viewport.scrollHeight;
    this.#moved();
  }

  /** Scroll so that `element` stands in the upper part, if it is not to be seen. */
  reveal(element) {
    const view = this.viewport.getBoundingClientRect();
    const box = element.getBoundingClientRect();
    if (box.top >= view.top && box.bottom <= view.bottom) return;
    this.viewport.scrollTop += box.top - view.top - view.height / 5;
    this.#moved();
  }

  /** Scroll so that `element` stands `top` pixels below the upper edge. */
  place(element, top) {
    this.viewport.scrollTop += element.getBoundingClientRect().top - this.viewport.getBoundingClientRect().top - top;
    this.#moved();
  }

  /**
   * The first message of which something is in view, and the last of which the end is. A message that is taller than
   * the view is seen when one gets to its end.
   * @returns {[HTMLElement|undefined, HTMLElement|undefined]}
   */
  inView() {
    const edge = this.viewport.getBoundingClientRect().bottom + 1;
    let row = this.content.children[this.#search((box) => box.bottom <= edge) - 1];
    while (row && !row.matches(".message[data-seq]")) row = row.previousElementSibling;
    return [this.#firstInView(), row ?? undefined];
  }

  /** Run `change`, which adds, removes or redraws messages, without the view jumping. */
  keep(change) {
    if (this.atBottom) {
      change();
      this.toBottom();
      return;
    }
    const anchor = this.#firstInView();
    const before = anchor?.getBoundingClientRect().top;
    change();
    if (anchor?.isConnected) this.viewport.scrollTop += anchor.getBoundingClientRect().top - before;
    this.#moved();
  }

  #moved() {
    const { scrollHeight, scrollTop, clientHeight } = this.viewport;
    this.atBottom = scrollHeight - scrollTop - clientHeight <= BOTTOM_PX;
    this.emit("move");
  }

  #firstInView() {
    const { top } = this.viewport.getBoundingClientRect();
    let row = this.content.children[this.#search((box) => box.bottom <= top)];
    while (row && !row.matches(".message")) row = row.nextElementSibling;
    return row ?? undefined;
  }

  /** The number of rows at the beginning for whose box `isBefore` holds. */
  #search(isBefore) {
    const rows = this.content.children;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(rows[middle].getBoundingClientRect())) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
