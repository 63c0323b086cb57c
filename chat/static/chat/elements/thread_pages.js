/** Loads the replies of a thread: the latest ones until there is an answer, and earlier ones when the reader wants them. */

import { CommandError, command } from "../protocol.js";
import { wait } from "../timer.js";

/**
 * @import { RoomContext } from "../room_view.js"
 * @import { ThreadCopy } from "../thread_copy.js"
 */

/** Replies that one request asks for, after the first. */
const PAGE = 100;
const AGAIN_MS = 1_000;

export class ThreadPages {
  #context;
  #copy;
  #showLatest;
  #drawAll;
  #isAsking = false;

  /**
   * @param {RoomContext & {threadCopy: ThreadCopy}} context
   * @param {object} draw
   * @param {() => void} draw.showLatest the latest replies are in the copy
   * @param {() => void} draw.drawAll earlier ones are
   */
  constructor(context, { showLatest, drawAll }) {
    const { connection, signal, store, threadCopy: copy } = context;
    this.#context = context;
    this.#copy = copy;
    this.#showLatest = showLatest;
    this.#drawAll = drawAll;
    store.on("thread-expired", (each) => each === copy && this.ask(), { signal });
    connection.on("state", ({ name }) => name === "online" && !copy.isLoaded && this.ask(), { signal });
  }

  /** Ask for the latest replies, until there is an answer. */
  async ask() {
    const { connection, notice, signal } = this.#context;
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      while (!signal.aborted && !this.#copy.isLoaded) {
        await connection.whenOnline();
        if (!signal.aborted) await this.#load({});
      }
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (error.code === "not_found") notice.showError(error);
      else void wait(error.retryAfter ? error.retryAfter * 1000 : AGAIN_MS, signal).then(() => this.ask());
    } finally {
      this.#isAsking = false;
    }
    if (this.#copy.isLoaded && !signal.aborted) this.#showLatest();
  }

  /** Show a page of earlier replies. */
  async showEarlier() {
    const error = await this.#context.notice.errorOf(this.#loadEarlier());
    if (!error) this.#drawAll();
  }

  /**
   * Show the replies from one on.
   * @param {number} id
   * @returns {Promise<null>} no thread of another message shows it, as for LogPages
   * @throws {CommandError}
   */
  async showMessage(id) {
    while (!this.#copy.shown?.get(id) && this.#copy.isLoaded && this.#copy.moreBefore) await this.#loadEarlier();
    this.#drawAll();
    return null;
  }

  #loadEarlier() {
    return this.#load({ before: this.#copy.floor, limit: PAGE });
  }

  /** @param {{before?: number, limit?: number}} page @throws {CommandError} */
  async #load(page) {
    const { connection, signal, store } = this.#context;
    const copy = this.#copy;
    const reply = await connection.request(command.thread(copy.rootId, page));
    if (!signal.aborted) store.applyThread(reply, copy);
  }
}
