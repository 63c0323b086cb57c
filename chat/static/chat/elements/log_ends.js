/** What is drawn at the ends of a timeline: that more messages are being loaded, or that the room begins there. */

import { find, show } from "../dom.js";

/** @import { LogSection } from "../log_section.js" */

export class LogEnds {
  #log;
  #viewport;
  #first;
  #older;
  #beginning;
  #newer;

  /** @param {HTMLElement} root of the room */
  constructor(root) {
    const log = (this.#log = find(root, ".log"));
    this.#viewport = find(root, ".timeline");
    this.#first = find(log, ".loading-first");
    this.#older = find(log, ".loading-older");
    this.#beginning = find(log, ".beginning");
    this.#newer = find(root, ".loading-newer");
  }

  /** @param {LogSection | undefined} shown what the timeline shows; undefined before it is loaded @param {boolean} isEmpty whether there is no message */
  draw(shown, isEmpty) {
    show(this.#first, !shown);
    show(this.#older, Boolean(shown?.moreBefore));
    show(this.#beginning, Boolean(shown && !shown.moreBefore));
    show(this.#newer, Boolean(shown?.moreAfter));
    this.#log.classList.toggle("empty", isEmpty);
    this.#viewport.tabIndex = isEmpty ? 0 : -1;
  }
}
