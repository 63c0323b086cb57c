/** One calm line near the composer that says what could not be done. It goes by itself. */

import { setText } from "../dom.js";
import { phrase } from "../phrases.js";
import { FocusReturn } from "./focus_return.js";

const SHOWN_MS = 10_000;
/** The connection's own codes, and those whose sentence of the server would say less. */
const OWN_WORDS = { lost: "lost", timeout: "lost", unavailable: "unavailable" };

export class Notice {
  #line = document.getElementById("notice");
  #focus = new FocusReturn(this.#line);
  #timer = null;

  constructor() {
    this.#line.querySelector("button").addEventListener("click", () => this.#focus.show(false));
  }

  /** @param {string} text */
  say(text) {
    clearTimeout(this.#timer);
    setText(this.#line.querySelector("span"), text);
    this.#focus.show(true);
    this.#timer = setTimeout(() => this.#focus.show(false), SHOWN_MS);
  }

  /** @param {import("../protocol.js").CommandError} error */
  sayError(error) {
    const own = OWN_WORDS[error.code];
    this.say(own ? phrase(own) : error.detail || error.code);
  }
}
