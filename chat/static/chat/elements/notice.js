/** A line above the composer that says what could not be done, or what was done and can be undone. It belongs to the tab; the shown room contains it. */

import { find, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { CommandError } from "../protocol.js";
import { Timer } from "../timer.js";
import { FocusReturn } from "./focus_return.js";

/** @typedef {{label: string, run: () => void}} NoticeAction what a button of the line does */

const SHOWN_MS = 10_000;
/** Phrases for the connection's own error codes, and for those whose text from the server would say less. */
const PHRASES = new Map([
  ["lost", "lost"],
  ["timeout", "lost"],
  ["unavailable", "unavailable"],
]);

export class Notice {
  #line;
  #focus;
  /** @type {NoticeAction | undefined} */
  #action;
  #timer = new Timer(() => this.#focus.show(false));

  /** @param {HTMLElement} line */
  constructor(line) {
    this.#line = line;
    this.#focus = new FocusReturn(line);
    find(line, ".icon-button").addEventListener("click", () => this.#focus.show(false));
    find(line, "[data-notice-action]").addEventListener("click", () => {
      const action = this.#action;
      this.#focus.show(false);
      action?.run();
    });
  }

  /** Move the line into the room that is shown now. @param {Element} place the line goes before it */
  moveBefore(place) {
    place.before(this.#line);
  }

  /** Say what was done. @param {string} text @param {NoticeAction} [action] can be chosen while the line is shown */
  inform(text, action) {
    this.show(text, action);
    this.#line.classList.add("is-info");
  }

  /** Say something that happened without the reader's doing, until they close the line. @param {string} text */
  keep(text) {
    this.inform(text);
    this.#timer.stop();
  }

  /** Say what could not be done. @param {string} text @param {NoticeAction} [action] */
  show(text, action) {
    this.#line.classList.remove("is-info");
    const button = find(this.#line, "[data-notice-action]");
    this.#action = action;
    setText(button, action?.label ?? "");
    show(button, action !== undefined);
    setText(find(this.#line, "span"), text);
    this.#focus.show(true);
    this.#timer.start(SHOWN_MS);
  }

  /**
   * Wait for commands, and show the error of one that failed.
   * @param {Promise<unknown>} work
   * @returns {Promise<CommandError | null>} the error
   */
  async errorOf(work) {
    try {
      await work;
      return null;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.showError(error);
      return error;
    }
  }

  /** @param {CommandError} error */
  showError(error) {
    this.show(errorText(error));
  }
}

/** What to tell a person about a command that failed. @param {CommandError} error @returns {string} */
export function errorText(error) {
  const name = PHRASES.get(error.code);
  return name ? phrase(name) : error.detail || error.code;
}
