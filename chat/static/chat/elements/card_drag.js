/** Changes the order of the cards of files: dragged with a mouse, or with a finger after a long press. */

import { closest, findAll } from "../dom.js";
import { Emitter } from "../emitter.js";
import { Timer } from "../timer.js";

/**
 * @typedef {object} DragEvents
 * @property {[{card: HTMLElement, place: number}]} move put the card in this place among all cards
 * @property {[HTMLElement]} dropped
 */

/** A mouse that moved less has clicked; a finger that moved more before the long press scrolls. */
const STILL_PX = 6;
const LONG_PRESS_MS = 350;
/** Near an edge of the list, it scrolls. */
const EDGE_PX = 32;
const SCROLL_PX = 12;

/** @extends {Emitter<DragEvents>} */
export class CardDrag extends Emitter {
  #list;
  /** @type {HTMLElement | null} the card under the pointer that is down */
  #pressed = null;
  /** @type {HTMLElement | null} */
  #dragged = null;
  #from = { x: 0, y: 0 };
  /** Whether the click that follows is the end of a drag. */
  #hasDragged = false;
  #timer;

  /** @param {HTMLElement} list @param {AbortSignal} signal */
  constructor(list, signal) {
    super();
    this.#list = list;
    this.#timer = new Timer(() => this.#begin(), signal);
    list.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    // The pointer may leave the list.
    window.addEventListener("pointermove", (event) => this.#moved(event), { signal });
    for (const name of /** @type {const} */ (["pointerup", "pointercancel", "blur"])) {
      window.addEventListener(name, () => this.#end(), { signal });
    }
    // A finger that drags does not scroll.
    list.addEventListener("touchmove", (event) => this.#dragged && event.preventDefault(), { signal, passive: false });
    list.addEventListener("contextmenu", (event) => this.#dragged && event.preventDefault(), { signal });
    list.addEventListener("click", (event) => this.#clicked(event), { signal, capture: true });
  }

  /** @param {PointerEvent} event */
  #down(event) {
    this.#end();
    this.#hasDragged = false;
    if (!event.isPrimary || event.button !== 0) return;
    this.#pressed = closest(event, ".upload-open")?.closest("li") ?? null;
    this.#from = { x: event.clientX, y: event.clientY };
    if (this.#pressed && event.pointerType === "touch") this.#timer.start(LONG_PRESS_MS);
  }

  /** @param {PointerEvent} event */
  #moved({ clientX: x, clientY: y, isPrimary, pointerType }) {
    if (!this.#pressed || !isPrimary) return;
    if (!this.#dragged) {
      if (Math.hypot(x - this.#from.x, y - this.#from.y) < STILL_PX) return;
      if (pointerType === "touch") return this.#end();
      this.#begin();
    }
    this.#scroll(x, y);
    const cards = findAll(this.#list, ".upload-card");
    const place = cards.findIndex((card) => isInside(card.getBoundingClientRect(), x, y));
    const card = this.#dragged;
    if (card && place >= 0 && cards[place] !== card) this.emit("move", { card, place });
  }

  #begin() {
    if (!this.#pressed?.isConnected || this.#list.childElementCount < 2) return;
    this.#dragged = this.#pressed;
    this.#hasDragged = true;
    this.#list.classList.add("ordering");
    this.#dragged.classList.add("dragged");
  }

  #end() {
    this.#timer.stop();
    const card = this.#dragged;
    this.#pressed = this.#dragged = null;
    if (!card) return;
    this.#list.classList.remove("ordering");
    card.classList.remove("dragged");
    if (card.isConnected) this.emit("dropped", card);
  }

  /** @param {number} x @param {number} y */
  #scroll(x, y) {
    const { bottom, left, right, top } = this.#list.getBoundingClientRect();
    const across = Number(x > right - EDGE_PX) - Number(x < left + EDGE_PX);
    const down = Number(y > bottom - EDGE_PX) - Number(y < top + EDGE_PX);
    this.#list.scrollBy(across * SCROLL_PX, down * SCROLL_PX);
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    if (!this.#hasDragged) return;
    this.#hasDragged = false;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** @param {DOMRect} box @param {number} x @param {number} y */
function isInside({ bottom, left, right, top }, x, y) {
  return x >= left && x < right && y >= top && y < bottom;
}
