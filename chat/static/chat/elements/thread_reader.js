/** Notes which replies of a thread the reader has seen, and tells the server. */

import { command } from "../protocol.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { ThreadCopy } from "../thread_copy.js"
 * @import { Scroller } from "./scroller.js"
 */

export class ThreadReader {
  #context;
  #copy;
  #scroller;
  #isBegun = false;
  /** The person has marked replies as unread: nothing counts as seen until they open the thread again. */
  #isPaused = false;
  /** The seq up to which the server was told. */
  #sent = 0;

  /** @param {RoomContext & {threadCopy: ThreadCopy}} context @param {Scroller} scroller */
  constructor(context, scroller) {
    const { signal, store } = context;
    this.#context = context;
    this.#copy = context.threadCopy;
    this.#scroller = scroller;
    const look = () => this.refresh();
    scroller.on("move", look);
    store.on("thread", (copy) => copy === this.#copy && this.#followed(), { signal });
    document.addEventListener("visibilitychange", look, { signal });
    window.addEventListener("focus", look, { signal });
    context.connection.on("state", ({ name }) => {
      if (name === "online") this.#sent = 0;
      this.refresh();
    }, { signal });
  }

  /** The thread is drawn, and the reader is where they begin. */
  begin() {
    this.#isBegun = true;
    this.refresh();
  }

  pause() {
    this.#isPaused = true;
  }

  /** What is in view has been seen. */
  refresh() {
    const { connection } = this.#context;
    const { rootId, unreadFrom } = this.#copy;
    if (!this.#isBegun || this.#isPaused || unreadFrom === null || !connection.online) return;
    if (document.visibilityState !== "visible" || !document.hasFocus()) return;
    const [, last] = this.#scroller.inView();
    const seen = Number(last?.dataset.seq);
    if (!(seen >= unreadFrom) || seen <= this.#sent) return;
    this.#sent = seen;
    connection.send(command.readThread(rootId, seen));
  }

  /** What is unread is another one. If it was seen already, the person marked it as unread, perhaps on another device. */
  #followed() {
    const { unreadFrom } = this.#copy;
    if (unreadFrom !== null && unreadFrom <= this.#sent) this.#isPaused = true;
    this.refresh();
  }
}
