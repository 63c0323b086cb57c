/**
 * The connection to the server: it opens, comes back by itself, and pairs commands with their answers.
 *
 * Emits: `state` {name, retryAt} (name: connecting, online, offline; retryAt in ms of clock.js), `frame` (an event),
 * `signed-out`. "Online" begins with the `welcome` frame.
 */

import { delay } from "./backoff.js";
import { now } from "./clock.js";
import { Emitter } from "./emitter.js";
import { CLOSE, CommandError, SUBPROTOCOL, parse } from "./protocol.js";

const ANSWER_MS = 10_000;
const WELCOME_MS = 10_000;
/** A socket that is not open by then is looked into. */
const OPEN_MS = 10_000;
/** A browser may hold a WebSocket back for a minute after failed ones (see probe.js): as long as the server answers. */
const HELD_BACK_MS = 65_000;
/** A try that has lasted so long is begun anew when someone asks for one. */
const STALE_TRY_MS = 3_000;
/** Where the growing delays go on after the server had to throw us out. */
const FLOODED_ATTEMPT = 4;

export class Connection extends Emitter {
  state = { name: "connecting", retryAt: null };
  #socket = null;
  /** The number of this try: what comes of an earlier one is ignored. */
  #try = 0;
  #triedAt = 0;
  #attempt = 0;
  #retryAfterS = null;
  /** When the next try was due before `wake` made one sooner; in ms of `now`. */
  #dueAt = null;
  #timer = null;
  #ref = 0;
  #waiting = new Map();
  #running = false;

  /**
   * @param {string} url
   * @param {object} [parts] what tests replace
   * @param {Function} [parts.WebSocket]
   * @param {() => number} [parts.random]
   * @param {() => number} [parts.now] milliseconds that only grow
   * @param {() => Promise<"answers"|"refused"|"silent">} [parts.probe] asks the server by other means (see probe.js)
   */
  constructor(url, { WebSocket = globalThis.WebSocket, random = Math.random, now: clock = now, probe = null } = {}) {
    super();
    this.url = url;
    this.parts = { WebSocket, random, probe };
    this.now = clock;
    this.heardAt = 0;
  }

  get online() {
    return this.state.name === "online";
  }

  /**
   * Wait while a connection is being made.
   * @returns {Promise<void>} there is one
   * @throws {CommandError} `lost`: this try failed, or none is under way
   */
  whenOnline() {
    return new Promise((resolve, reject) => {
      const look = ({ name }) => {
        if (name === "connecting") return;
        leave();
        if (name === "online") resolve();
        else reject(new CommandError({ code: "lost" }));
      };
      const leave = this.on("state", look);
      look(this.state);
    });
  }

  start() {
    this.#running = true;
    // The page itself has just come from the server.
    this.#connect();
  }

  /** Stop for good, or until `start`. */
  stop() {
    this.#running = false;
    this.#lost();
  }

  /** The network is back, or a person asks for it: try now. A try that fails leaves the next one where it was. */
  wake() {
    const trying = this.state.name === "connecting" && this.now() - this.#triedAt < STALE_TRY_MS;
    if (!this.#running || this.online || trying) return;
    this.#dueAt = this.state.retryAt ?? this.#dueAt;
    this.#giveUp();
    this.#connectIfThere();
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

  /** A next try: without a server a WebSocket is not even begun. */
  async #connectIfThere() {
    if (!this.parts.probe) return this.#connect();
    const number = this.#begin();
    const found = await this.parts.probe();
    if (this.#try !== number) return;
    if (found === "refused") this.#lost();
    else this.#connect();
  }

  #begin() {
    clearTimeout(this.#timer);
    this.#triedAt ||= this.now();
    this.#become("connecting");
    return ++this.#try;
  }

  #connect() {
    const number = this.#begin();
    const socket = new this.parts.WebSocket(this.url, SUBPROTOCOL);
    this.#socket = socket;
    this.#limit(OPEN_MS, () => this.#lookIntoOpening(number, this.now() + HELD_BACK_MS));
    // A socket that we gave up may still speak: only the one of now counts.
    const current = (listener) => (event) => this.#socket === socket && listener(event);
    socket.onopen = current(() => this.#opened());
    socket.onmessage = current(({ data }) => this.#hear(data));
    socket.onclose = current(({ code }) => this.#closed(code));
  }

  #opened() {
    // The question whether it opens is answered, also for a probe that is on its way.
    this.#try += 1;
    this.#limit(WELCOME_MS, () => this.#lost());
  }

  #limit(ms, late) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(late, ms);
  }

  /** The socket does not open: wait on only while the server answers, so that it is the browser that holds it back. */
  async #lookIntoOpening(number, until) {
    if (!this.parts.probe || this.now() >= until) return this.#lost();
    const found = await this.parts.probe();
    if (this.#try !== number) return;
    if (found === "answers") this.#limit(OPEN_MS, () => this.#lookIntoOpening(number, until));
    else this.#lost();
  }

  #hear(text) {
    const frame = parse(text);
    this.heardAt = this.now();
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
    this.#try += 1;
    this.#attempt = 0;
    this.#dueAt = null;
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
    if (code === CLOSE.flooded) {
      this.#attempt = Math.max(this.#attempt, FLOODED_ATTEMPT);
      this.#dueAt = null;
    }
    this.#lost();
    if (code === CLOSE.signedOut) this.emit("signed-out");
  }

  #lost() {
    this.#giveUp();
    if (this.#running) {
      this.#retryLater();
    } else {
      this.#dueAt = null;
      this.#become("offline");
    }
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, timer } of waiting) {
      clearTimeout(timer);
      reject(new CommandError({ code: "lost" }));
    }
  }

  /** Let go of the try or the socket of now. */
  #giveUp() {
    clearTimeout(this.#timer);
    this.#try += 1;
    this.#triedAt = 0;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #retryLater() {
    const dueInS = (this.#dueAt - this.now()) / 1000;
    this.#dueAt = null;
    const waitS = this.#retryAfterS ?? (dueInS > 0 ? dueInS : delay(this.#attempt++, this.parts.random));
    this.#retryAfterS = null;
    this.#timer = setTimeout(() => this.#connectIfThere(), waitS * 1000);
    this.#become("offline", this.now() + waitS * 1000);
  }

  #become(name, retryAt = null) {
    this.state = { name, retryAt };
    this.emit("state", this.state);
  }
}
