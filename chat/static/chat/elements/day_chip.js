/** Shows the day of the messages in view for a moment while the reader scrolls through older ones. */

import { dayName } from "../dates.js";
import { find, setText } from "../dom.js";
import { nextFrame } from "../next_frame.js";
import { Timer } from "../timer.js";

/**
 * @import { Scroller } from "./scroller.js"
 * @import { Timeline } from "./timeline.js"
 */

const SHOWN_MS = 1_500;

export class DayChip {
  #chip;
  #timeline;
  #scroller;
  #hide;

  /**
   * @param {HTMLElement} root of the room
   * @param {{timeline: Timeline, scroller: Scroller}} parts
   * @param {AbortSignal} signal
   */
  constructor(root, { timeline, scroller }, signal) {
    this.#chip = find(root, ".day-chip");
    this.#timeline = timeline;
    this.#scroller = scroller;
    this.#hide = new Timer(() => this.#show(false), signal);
    const draw = nextFrame(() => this.#draw(), signal);
    // Not `move`, which new messages cause too.
    find(root, ".timeline").addEventListener("scroll", draw.ask, { passive: true, signal });
  }

  #draw() {
    const [first] = this.#scroller.atBottom ? [] : this.#scroller.inView();
    if (!first) return this.#show(false);
    setText(this.#chip, dayName(new Date(this.#timeline.messageOf(first).at)));
    this.#show(true);
    this.#hide.start(SHOWN_MS);
  }

  /** @param {boolean} isShown */
  #show(isShown) {
    this.#chip.classList.toggle("shown", isShown);
  }
}
