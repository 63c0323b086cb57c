/** Moves the focus when the part of the page that has it is shown, hidden or removed, so that it is not lost. */

import { findOptional, show } from "../dom.js";
import { afterPaint } from "../next_frame.js";

/** @returns {HTMLElement | undefined} where the focus goes when there is no better place */
export function focusFallback() {
  const isTouch = matchMedia("(pointer: coarse)").matches;
  // The composer would open the keyboard of a touch screen.
  const selectors = isTouch ? ["main"] : [".compose-field", "main"];
  return selectors.map((selector) => findOptional(document, selector)).find(isDrawn);
}

/**
 * Move the focus when the next frame has been painted, unless the person has moved it by then.
 * @param {() => void} focus
 * @param {AbortSignal} signal
 */
export function focusAfterPaint(focus, signal) {
  const focused = document.activeElement;
  afterPaint(() => document.activeElement === focused && focus(), signal);
}

/** Whether the person writes in a part: what they type next belongs there. @param {Element} part */
export function isWritingIn(part) {
  return document.activeElement instanceof HTMLTextAreaElement && part.contains(document.activeElement);
}

/**
 * Take the focus away from what is about to be removed: otherwise the browser computes the styles of all that is removed.
 * @param {Element} part
 */
export function blurWithin(part) {
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && part.contains(focused)) focused.blur();
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
