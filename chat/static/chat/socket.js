/**
 * The connection to the server: it opens, comes back by itself, and pairs commands with their answers.
 *
 * Emits: `state` {name, retryAt} (name: connecting, online, offline; retryAt in ms), `frame` (an event),
 * `signed-out`. "Online" begins with the `welcome` frame.
 */

import { delay } from "./backoff.js";
import { Emitter } from "./emitter.js";
import { CLOSE, CommandError, SUBPROTOCOL, parse } from "./protocol.js";

const ANSWER_MS = 10_000;
const WELCOME_MS = 10_000;
/** Where the growing delays go on after the server had to throw us out. */
const FLOODED_ATTEMPT = 4;

export class Connection extends Emitter {
  state = { name: "connecting", retryAt: null };
  #socket = null;
  #attempt = 0;
  #retryAfterS = null;
  #timer = null;
  #ref = 0;
  #waiting = new Map();
  #running = false;

  /**
   * @param {string} url
   * @param {{WebSocket?: Function, random?: () => number, now?: () => number}} [parts] what tests replace
   */
  constructor(url, { WebSocket = globalThis.WebSocket, random = Math.random, now = () => Date.now() } = {}) {
    super();
    this.url = url;
    this.parts = { WebSocket, random, now };
    this.heardAt = 0;
  }

  get online() {
    return this.state.name === "online";
  }

  start() {
    this.#running = true;
    this.#connect();
  }

  /** Stop for good, or until `start`. */
  stop() {
    this.#running = false;
    this.#lost();
  }

  /** The network is back or the person looks again: do not wait any longer. */
  wake() {
    if (this.#running && !this.#socket) this.#connect();
  }

  /** Send a command that needs no answer, if there is a connection. */
  send(command) {
    if (this.online) this.#socket.send(JSON.stringify(command));
  }

  /**
   * Send a command and wait for its answer. If none comes in time the socket is dead, even if nobody said so: commands
   * are answered in order, so others wait as well. It is given up.
   * @returns {Promise<object>} the `reply`
   * @throws {CommandError} with the code of the `error` frame, `lost`, or `timeout`
   */
  request(command, timeoutMs = ANSWER_MS) {
    if (!this.online) return Promise.reject(new CommandError({ code: "lost" }));
    const ref = ++this.#ref;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(ref);
        reject(new CommandError({ code: "timeout" }));
        this.#lost();
      }, timeoutMs);
      this.#waiting.set(ref, { resolve, reject, timer });
      this.#socket.send(JSON.stringify({ ...command, ref }));
    });
  }

  #connect() {
    clearTimeout(this.#timer);
    const socket = new this.parts.WebSocket(this.url, SUBPROTOCOL);
    this.#socket = socket;
    this.#become("connecting");
    this.#timer = setTimeout(() => this.#lost(), WELCOME_MS);
    // A socket that we gave up may still speak: only the one of now counts.
    const current = (listener) => (event) => this.#socket === socket && listener(event);
    socket.onmessage = current(({ data }) => this.#hear(data));
    socket.onclose = current(({ code }) => this.#closed(code));
  }

  #hear(text) {
    const frame = parse(text);
    this.heardAt = this.parts.now();
    if (!frame) return;
    if (frame.type === "reply" || frame.type === "error") this.#answer(frame);
    else if (frame.type === "bye") this.#retryAfterS = frame.retry_after;
    else {
      if (frame.type === "welcome") this.#welcome();
      this.emit("frame", frame);
      if (frame.type === "welcome") this.#become("online");
    }
  }

  #welcome() {
    clearTimeout(this.#timer);
    this.#attempt = 0;
  }

  #answer(frame) {
    const waiting = this.#waiting.get(frame.ref);
    if (frame.code === "signed_out") this.emit("signed-out");
    if (!waiting) return;
    this.#waiting.delete(frame.ref);
    clearTimeout(waiting.timer);
    if (frame.type === "reply") waiting.resolve(frame);
    else waiting.reject(new CommandError(frame));
  }

  #closed(code) {
    if (code === CLOSE.flooded) this.#attempt = Math.max(this.#attempt, FLOODED_ATTEMPT);
    this.#lost();
    if (code === CLOSE.signedOut) this.emit("signed-out");
  }

  #lost() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    if (this.#running) this.#retryLater();
    else this.#become("offline");
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, timer } of waiting) {
      clearTimeout(timer);
      reject(new CommandError({ code: "lost" }));
    }
  }

  #retryLater() {
    const waitS = this.#retryAfterS ?? delay(this.#attempt++, this.parts.random);
    this.#retryAfterS = null;
    this.#timer = setTimeout(() => this.#connect(), waitS * 1000);
    this.#become("offline", this.parts.now() + waitS * 1000);
  }

  #become(name, retryAt = null) {
    this.state = { name, retryAt };
    this.emit("state", this.state);
  }
}
