/** Gives the focus back when the part of the page that holds it is hidden: otherwise it would be nowhere. */

import { show } from "../dom.js";

const FALLBACKS = ["composer", "main"];

export class FocusReturn {
  #part;
  /** What had the focus before it came into the part. */
  #before = null;

  /** @param {HTMLElement} part shown for a while, with buttons in it */
  constructor(part) {
    this.#part = part;
    part.addEventListener("focusin", ({ relatedTarget }) => {
      if (!part.contains(relatedTarget)) this.#before = relatedTarget;
    });
  }

  /** Show or hide the part. @param {boolean} shown */
  show(shown) {
    const isLeft = !shown && this.#part.contains(document.activeElement);
    show(this.#part, shown);
    if (isLeft) this.#next()?.focus({ preventScroll: true });
  }

  #next() {
    const isTouch = matchMedia("(pointer: coarse)").matches;
    // The composer would open the keyboard of a touch screen.
    const names = isTouch ? FALLBACKS.slice(1) : FALLBACKS;
    return [this.#before, ...names.map((name) => document.getElementById(name))].find(isDrawn);
  }
}

function isDrawn(element) {
  return element?.isConnected && element !== document.body && element.getClientRects().length > 0;
}
