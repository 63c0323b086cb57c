/**
 * The part of the page that belongs to a composer: letters that are typed there go to it, and files that are pasted or
 * dropped. The room's own zone has the rest of the page, too; a thread beside it has a zone of its own.
 */

import { closest, findAll } from "../dom.js";

const ATTRIBUTE = "data-composer-zone";

export class Zone {
  #isWhole;

  /** @param {HTMLElement} element @param {{isWhole?: boolean}} [options] `isWhole`: also what is in no zone */
  constructor(element, { isWhole = false } = {}) {
    this.element = element;
    this.#isWhole = isWhole;
    element.setAttribute(ATTRIBUTE, "");
  }

  /** Whether an event happened here, and no dialog is in front. @param {Event} event */
  has(event) {
    // A zone may be in a dialog itself: the panel of a room on a narrow screen.
    if (findAll(document, "dialog:modal").some((dialog) => !dialog.contains(this.element))) return false;
    const zone = closest(event, `[${ATTRIBUTE}]`);
    return zone ? zone === this.element : this.#isWhole;
  }
}
