/**
 * The ways to the end of the room, of which one is shown: the button of the unread bar, that in the line about older
 * messages, or a round one.
 */

import { find, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";

/** @import { UnreadBar } from "./unread_bar.js" */

export class EndButtons {
  #jump;
  #line;
  #inLine;
  #bar;

  /** @param {HTMLElement} root of the room @param {UnreadBar} bar @param {() => void} goToEnd @param {AbortSignal} signal */
  constructor(root, bar, goToEnd, signal) {
    this.#bar = bar;
    this.#jump = find(root, ".jump");
    this.#line = find(root, ".detached");
    this.#inLine = find(this.#line, "button");
    for (const button of [this.#jump, this.#inLine]) button.addEventListener("click", goToEnd, { signal });
  }

  /**
   * @param {object} view
   * @param {boolean} view.atBottom whether the reader is at the end of the room
   * @param {boolean} view.isDetached whether what is shown does not reach that
   * @param {boolean} view.hasFirst whether the first unread message is shown
   * @param {boolean} view.hasMissed whether unseen messages came below the view
   */
  draw({ atBottom, isDetached, hasFirst, hasMissed }) {
    const isInBar = this.#bar.isShown;
    this.#bar.showJump(!atBottom);
    // Who reads on from the first unread message does not read older messages; the bar says where they are.
    show(this.#line, isDetached && !(isInBar && hasFirst));
    show(this.#inLine, !isInBar);
    show(this.#jump, !atBottom && !isDetached && !isInBar);
    this.#jump.classList.toggle("primary", hasMissed);
    const label = phrase(hasMissed ? "new_messages" : "latest");
    for (const button of [this.#jump, this.#inLine]) setText(find(button, "span"), label);
  }
}
