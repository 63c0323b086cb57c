/** Opens threads of a room in its panel, one at a time. */

import { fromTemplate } from "../dom.js";
import { phrase } from "../phrases.js";
import { ThreadPanel } from "./thread_panel.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { RoomHead } from "./room_head.js"
 * @import { SidePanel } from "./side_panel.js"
 *
 * @typedef {object} ThreadParts
 * @property {SidePanel} panel
 * @property {RoomHead} head
 * @property {(message: number) => void} goTo shows a message in the room
 */

const NAME = "thread";

export class Threads {
  #context;
  #parts;
  /** @type {{root: number, view: ThreadPanel, ending: AbortController} | null} */
  #shown = null;

  /** @param {RoomContext} context @param {ThreadParts} parts */
  constructor(context, parts) {
    this.#context = context;
    this.#parts = parts;
    parts.panel.on("close", (name) => name === NAME && this.#closed());
  }

  /**
   * Show a thread.
   * @param {number} root the id of the message that begins it
   * @param {number} [at] the id of a reply to mark
   */
  open = (root, at) => {
    const { panel } = this.#parts;
    // The action sheet that was used takes its entry out of the history now: the panel's must come after that.
    if (history.state?.sheet) {
      const { signal } = this.#context;
      return window.addEventListener("popstate", () => this.open(root, at), { once: true, signal });
    }
    if (this.#shown?.root === root) return this.#shown.view.focus(at);
    const ending = new AbortController();
    const element = fromTemplate("thread-panel-template");
    panel.open({ name: NAME, title: phrase("thread_title"), element });
    // After that: a thread that was shown before is closed by it.
    const view = new ThreadPanel(element, { ...this.#context, signal: ending.signal }, this.#parts, root);
    this.#shown = { root, view, ending };
    view.focus(at);
  };

  #closed() {
    this.#shown?.ending.abort();
    this.#shown = null;
  }
}
