/** The line above the composer's field that shows which message is edited or answered. */

import { find, setText, show } from "../dom.js";
import { Emitter } from "../emitter.js";

/**
 * @typedef {{mode: "editing" | "replying", id: number}} Target the message that is edited or answered
 * @typedef {{change: [Target | null]}} ModeEvents
 */

/** @extends {Emitter<ModeEvents>} */
export class ComposerMode extends Emitter {
  /** @type {Target | null} */
  target = null;
  #form;
  #line;

  /** @param {HTMLElement} root of the room @param {() => void} cancel @param {AbortSignal} signal */
  constructor(root, cancel, signal) {
    super();
    this.#form = find(root, ".compose");
    this.#line = find(root, ".compose-mode");
    find(this.#line, "[data-cancel]").addEventListener("click", cancel, { signal });
  }

  /**
   * @param {Target} target
   * @param {string} title
   * @param {string} [text] of the message that is answered
   */
  show(target, title, text = "") {
    this.#form.dataset.mode = target.mode;
    show(this.#line, true);
    setText(find(this.#line, ".mode-title"), title);
    setText(find(this.#line, ".mode-text"), text);
    this.#setTarget(target);
  }

  hide() {
    delete this.#form.dataset.mode;
    show(this.#line, false);
    this.#setTarget(null);
  }

  /** @param {Target | null} target */
  #setTarget(target) {
    this.target = target;
    this.emit("change", target);
  }
}
