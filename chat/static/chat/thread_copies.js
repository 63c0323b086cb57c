/** The copies of the threads that are shown. Each follows the events of its room. Pure. */

import { ThreadCopy } from "./thread_copy.js";

/** @import * as wire from "./wire.d.ts" */

export class ThreadCopies {
  /** @type {Set<ThreadCopy>} */
  #copies = new Set();

  /** @param {string} room a slug @param {number} root an id */
  open(room, root) {
    const copy = new ThreadCopy(room, root);
    this.#copies.add(copy);
    return copy;
  }

  /** @param {ThreadCopy} copy */
  close(copy) {
    this.#copies.delete(copy);
  }

  /** Messages of a room are new or changed. @param {string} room a slug @param {wire.Message[]} messages */
  apply(room, messages) {
    for (const copy of this.#of(room)) copy.apply(messages);
  }

  /** Replies may be missing from the threads of a room. @param {string} room a slug @returns {ThreadCopy[]} their copies */
  expire(room) {
    const expired = this.#of(room);
    for (const copy of expired) copy.expire();
    return expired;
  }

  /** The reader follows a thread, or no longer, or has read more. @param {wire.Follow} frame @returns {ThreadCopy[]} the copies of that thread */
  setFollow(frame) {
    const changed = [...this.#copies].filter(({ rootId }) => rootId === frame.thread);
    for (const copy of changed) copy.setFollow(frame);
    return changed;
  }

  /** @param {string} room a slug */
  #of(room) {
    return [...this.#copies].filter((copy) => copy.room === room);
  }
}
