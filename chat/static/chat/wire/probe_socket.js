/** A WebSocket that the connection doctor opens beside the page's own one, to try something on it. */

import { SUBPROTOCOL, parse } from "../protocol.js";
import { wait } from "../timer.js";

export const TIMEOUT_MS = 10_000;

/**
 * @typedef {object} Environment what the checks use of the browser
 * @property {string} url of the socket
 * @property {typeof WebSocket} WebSocket
 * @property {() => number} now monotonic milliseconds
 */

/** Why a socket did not do what a check expects. */
export class ProbeError extends Error {
  /** @param {"closed" | "silent"} name @param {number} [code] with which the socket was closed */
  constructor(name, code = 0) {
    super(name);
    this.name = name;
    this.code = code;
  }
}

export class ProbeSocket {
  /** @type {WebSocket} */
  #socket;
  #now;
  /** @type {{text: string, at: number}[]} messages that nothing has waited for yet */
  #received = [];
  /** @type {(() => void)[]} */
  #wake = [];
  /** The close event, once it has come. @type {{code: number, wasClean: boolean} | null} */
  ended = null;

  /** @param {Environment} environment */
  constructor({ url, WebSocket, now }) {
    this.#now = now;
    this.#socket = new WebSocket(url, SUBPROTOCOL);
    this.#socket.onopen = () => this.#wakeAll();
    this.#socket.onmessage = ({ data }) => {
      this.#received.push({ text: String(data), at: now() });
      this.#wakeAll();
    };
    this.#socket.onclose = ({ code, wasClean }) => {
      this.ended = { code, wasClean };
      this.#wakeAll();
    };
  }

  /**
   * Open a socket and wait for its first frame.
   * @param {Environment} environment
   * @returns {Promise<{socket: ProbeSocket, first: ReturnType<typeof parse>}>}
   * @throws {ProbeError}
   */
  static async open(environment) {
    const socket = new ProbeSocket(environment);
    try {
      const { text } = await socket.#next(() => true);
      return { socket, first: parse(text) };
    } catch (error) {
      socket.drop();
      throw error;
    }
  }

  /** The subprotocol that the server chose; empty if none. */
  get subprotocol() {
    return this.#socket.protocol;
  }

  /** The extensions that are in use, such as permessage-deflate; empty if none. */
  get extensions() {
    return this.#socket.extensions;
  }

  /** @param {object} command */
  send(command) {
    this.#socket.send(JSON.stringify(command));
  }

  /** @param {number} ref of a command @returns {Promise<number>} when its answer came, in ms of `now` @throws {ProbeError} */
  async answer(ref) {
    const { at } = await this.#next((text) => /** @type {{ref?: unknown} | null} */ (parse(text))?.ref === ref);
    return at;
  }

  /** Close with 1000 and wait for the answer. @throws {ProbeError} */
  async close() {
    this.#socket.close(1000);
    await this.#until(() => this.ended !== null);
    return this.ended ?? { code: 0, wasClean: false };
  }

  /** End it, whatever state it is in. */
  drop() {
    this.#socket.close();
  }

  /** Wait for a time, or until the socket is closed. @param {number} ms @param {AbortSignal} signal ends the wait */
  async stayQuiet(ms, signal) {
    const over = new AbortController();
    signal.addEventListener("abort", () => over.abort(), { once: true, signal: over.signal });
    if (signal.aborted || this.ended) return;
    const closed = new Promise((resolve) => this.#socket.addEventListener("close", resolve, { signal: over.signal }));
    await Promise.race([wait(ms, over.signal), closed]);
    over.abort();
  }

  /** Wait for the next wanted message. Those before it are dropped. @param {(text: string) => boolean} isWanted */
  async #next(isWanted) {
    /** @type {{text: string, at: number} | undefined} */
    let found;
    await this.#until(() => {
      while (!found && this.#received.length) {
        const message = this.#received.shift();
        if (message && isWanted(message.text)) found = message;
      }
      return found !== undefined || this.ended !== null;
    });
    if (!found) throw new ProbeError("closed", this.ended?.code);
    return found;
  }

  /** @param {() => boolean} isDone is asked again whenever something happens */
  async #until(isDone) {
    const deadline = this.#now() + TIMEOUT_MS;
    while (!isDone()) {
      const left = deadline - this.#now();
      if (left <= 0) throw new ProbeError("silent");
      const over = new AbortController();
      await Promise.race([wait(left, over.signal), new Promise((resolve) => this.#wake.push(() => resolve(null)))]);
      over.abort();
    }
  }

  #wakeAll() {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
