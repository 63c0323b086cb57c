/** Commands that were sent and not answered yet. Their `ref` pairs them with the answers. */

import { CommandError } from "./protocol.js";

/** @import * as wire from "./wire.d.ts" */

/**
 * @typedef {object} Request
 * @property {(reply: any) => void} resolve any: each command has a type of reply of its own
 * @property {(error: CommandError) => void} reject
 * @property {ReturnType<typeof setTimeout>} timer
 */

export class PendingRequests {
  #lastRef = 0;
  /** @type {Map<wire.Reply["ref"], Request>} */
  #byRef = new Map();

  /**
   * @template Reply
   * @param {(ref: number) => void} send sends the command with this `ref`
   * @param {number} timeoutMs
   * @param {() => void} onTimeout
   * @returns {Promise<Reply>}
   */
  start(send, timeoutMs, onTimeout) {
    const ref = ++this.#lastRef;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#byRef.delete(ref);
        reject(new CommandError({ code: "timeout" }));
        onTimeout();
      }, timeoutMs);
      this.#byRef.set(ref, { resolve, reject, timer });
      send(ref);
    });
  }

  /** Resolve or reject the request with the frame's `ref`, if pending. @param {wire.AnyReply | wire.Error} frame */
  settle(frame) {
    const request = this.#byRef.get(frame.ref);
    if (!request) return;
    this.#byRef.delete(frame.ref);
    clearTimeout(request.timer);
    if (frame.type === "reply") request.resolve(frame);
    else request.reject(new CommandError(frame));
  }

  /** The connection is lost: no answer will come. */
  failAll() {
    const requests = [...this.#byRef.values()];
    this.#byRef.clear();
    for (const { reject, timer } of requests) {
      clearTimeout(timer);
      reject(new CommandError({ code: "lost" }));
    }
  }
}
