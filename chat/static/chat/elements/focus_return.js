/** Moves the focus when the part of the page that has it is hidden or removed, so that it is not lost. */

import { findOptional, show } from "../dom.js";

/** @returns {HTMLElement | undefined} where the focus goes when there is no better place */
export function focusFallback() {
  const isTouch = matchMedia("(pointer: coarse)").matches;
  // The composer would open the keyboard of a touch screen.
  const selectors = isTouch ? ["main"] : [".compose-field", "main"];
  return selectors.map((selector) => findOptional(document, selector)).find(isDrawn);
}

/** Shows and hides a part. Hiding gives the focus back to the element that had it before the part. */
export class FocusReturn {
  #part;
  /** @type {HTMLElement | null} */
  #before = null;

  /** @param {HTMLElement} part has buttons, and is shown for a while @param {AbortSignal} [signal] */
  constructor(part, signal) {
    this.#part = part;
    /** @param {FocusEvent} event */
    const entered = ({ relatedTarget }) => {
      const from = relatedTarget instanceof HTMLElement ? relatedTarget : null;
      if (!part.contains(from)) this.#before = from;
    };
    part.addEventListener("focusin", entered, { signal });
  }

  /** @param {boolean} isShown */
  show(isShown) {
    const isLeft = !isShown && this.#part.contains(document.activeElement);
    show(this.#part, isShown);
    if (isLeft) [this.#before, focusFallback()].find(isDrawn)?.focus({ preventScroll: true });
  }
}

/** @param {HTMLElement | null | undefined} element @returns {element is HTMLElement} */
function isDrawn(element) {
  return Boolean(element?.isConnected && element !== document.body && element.getClientRects().length > 0);
}
