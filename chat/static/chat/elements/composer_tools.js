/**
 * On a narrow screen the field has the whole width while somebody writes, and its buttons a row of their own below it
 * (format.css). This module says when: it sets the class `is-writing`. In a low window the messages need that space, so
 * there the row waits until the field has text.
 */

import { find } from "../dom.js";
import { nextFrame } from "../next_frame.js";
import { Timer } from "../timer.js";

/** @import { ComposerField } from "./composer_field.js" */

/** What was tapped when the field lost the focus must not move before the tap has ended. */
const SETTLE_MS = 300;
/** A button whose picker or menu is open: it has the focus. */
const OPENED = '[aria-haspopup][aria-expanded="true"]';
/** A page at 400 %, or a phone on its side with its keyboard. */
const LOW_WINDOW = "(max-height: 20rem)";

export class ComposerTools {
  #form;
  #field;
  #lowWindow = matchMedia(LOW_WINDOW);

  /** @param {HTMLElement} root of the composer @param {ComposerField} field @param {AbortSignal} signal */
  constructor(root, field, signal) {
    this.#form = find(root, ".compose");
    this.#field = field;
    // In the next frame: the tap that gave the focus ends on the field.
    const drawn = nextFrame(() => this.#draw(), signal);
    const left = new Timer(() => this.#draw(), signal);
    field.on("focus", drawn.ask);
    field.on("change", drawn.ask);
    this.#lowWindow.addEventListener("change", drawn.ask, { signal });
    this.#form.addEventListener("focusout", () => left.start(SETTLE_MS), { signal });
    // A tap on a button must not take the focus, and with it the keyboard, from the field.
    for (const button of this.#form.querySelectorAll(".attach")) {
      button.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    }
    drawn.ask();
  }

  #draw() {
    const isUsed = this.#form.contains(document.activeElement) || this.#form.querySelector(OPENED) !== null;
    const wasWriting = this.#form.classList.contains("is-writing");
    const isFieldFocused = document.activeElement === this.#field.element;
    // A button of the row may have the focus; one that is reached from outside does not open the row.
    const isFocused = wasWriting ? isUsed : isFieldFocused;
    const mustWait = this.#lowWindow.matches && isFieldFocused;
    this.#form.classList.toggle("is-writing", (isFocused && !mustWait) || this.#field.text !== "");
    if (this.#form.classList.contains("is-writing") !== wasWriting) this.#field.fit();
  }
}
