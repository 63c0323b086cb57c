/**
 * Knows whether somebody points into a list: meanwhile its items keep their order, because the item under the pointer must
 * not be another one at the moment of the click. A pointer that rests holds nothing.
 */

import { Timer } from "../timer.js";

const REST_MS = 5_000;

export class PointerHold {
  #timer;

  /** @param {HTMLElement} list @param {() => void} onEnd called when nobody points into it any more */
  constructor(list, onEnd) {
    this.#timer = new Timer(onEnd);
    for (const name of ["pointermove", "pointerdown"]) list.addEventListener(name, () => this.#timer.start(REST_MS));
    list.addEventListener("pointerleave", () => {
      if (!this.isHeld) return;
      this.#timer.stop();
      onEnd();
    });
  }

  get isHeld() {
    return this.#timer.isRunning;
  }
}
