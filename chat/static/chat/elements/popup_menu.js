/**
 * A menu in a popover: where it opens, its keys (arrows, Home, End, Tab, Escape), and the focus afterwards.
 *
 * The element has `popover role="menu"`; its items have `role="menuitem"`. Items that are hidden are passed over.
 */

import { closest, findAll } from "../dom.js";

/** @typedef {{clientX: number, clientY: number}} Point in the window, in pixels */

const MARGIN_PX = 8;

export class PopupMenu {
  #menu;
  /** @type {HTMLElement | null} */
  #button = null;

  /**
   * @param {HTMLElement} menu
   * @param {(item: HTMLElement) => void} choose is called when the menu is closed
   * @param {AbortSignal} [signal] ends the listeners, and closes the menu
   */
  constructor(menu, choose, signal) {
    this.#menu = menu;
    /** @param {MouseEvent} event */
    const clicked = (event) => {
      const item = closest(event, "[role=menuitem]");
      if (!item) return;
      this.close();
      choose(item);
    };
    menu.addEventListener("click", clicked, { signal });
    menu.addEventListener("keydown", (event) => this.#keyPressed(event), { signal });
    menu.addEventListener("toggle", (event) => this.#toggled(event), { signal });
    signal?.addEventListener("abort", () => this.isOpen && menu.hidePopover());
  }

  get isOpen() {
    return this.#menu.matches(":popover-open");
  }

  /** The button that the open menu belongs to; null while it is closed. */
  get button() {
    return this.isOpen ? this.#button : null;
  }

  /**
   * Open the menu, or close it if it is open at the same button.
   * @param {HTMLElement} button that the menu belongs to: it has the focus afterwards
   * @param {() => void} fill shows the items that can be used
   * @param {Point} [at] where the menu opens; else at the button
   */
  open(button, fill, at) {
    const wasAtButton = this.isOpen && this.#button === button;
    if (this.isOpen) this.#menu.hidePopover();
    if (wasAtButton) return;
    this.#button = button;
    fill();
    this.#menu.showPopover();
    button.setAttribute("aria-expanded", "true");
    this.#place(at ? { ...at, top: at.clientY } : atCorner(button));
    this.#items[0]?.focus();
  }

  /** Close the menu, and give the focus back to its button. */
  close() {
    if (!this.isOpen) return;
    this.#menu.hidePopover();
    this.#button?.focus();
  }

  /** Below the point, or above `top` if there is no room below. @param {Point & {top: number}} place */
  #place({ clientX, clientY, top }) {
    const { width, height } = this.#menu.getBoundingClientRect();
    const left = Math.min(clientX, innerWidth - width - MARGIN_PX);
    const isBelow = clientY + height + MARGIN_PX <= innerHeight || top < height + MARGIN_PX;
    const y = isBelow ? Math.min(clientY, innerHeight - height - MARGIN_PX) : top - height;
    this.#menu.style.left = `${Math.max(MARGIN_PX, left)}px`;
    this.#menu.style.top = `${Math.max(MARGIN_PX, y)}px`;
  }

  /** @param {KeyboardEvent} event */
  #keyPressed(event) {
    const items = this.#items;
    const at = items.findIndex((item) => item === document.activeElement);
    const last = items.length - 1;
    const next = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (event.key === "Tab") this.close();
    if (next === undefined) return;
    event.preventDefault();
    items[next]?.focus();
  }

  /** @param {ToggleEvent} event */
  #toggled({ newState }) {
    if (newState === "closed") this.#button?.setAttribute("aria-expanded", "false");
  }

  get #items() {
    return findAll(this.#menu, "[role=menuitem]:not([hidden])");
  }
}

/** @param {HTMLElement} button */
function atCorner(button) {
  const { right, bottom, top } = button.getBoundingClientRect();
  return { clientX: right, clientY: bottom, top };
}
