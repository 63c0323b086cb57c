/** The connection to the server: opens it, restores it after a loss, sends commands and receives events. */

import { RetrySchedule } from "./backoff.js";
import { now } from "./clock.js";
import { ConnectAttempt } from "./connect_attempt.js";
import { Emitter } from "./emitter.js";
import { PendingRequests } from "./pending_requests.js";
import { CLOSE, CommandError, parse } from "./protocol.js";
import { Timer } from "./timer.js";

/**
 * @import { Environment, SocketClass } from "./connect_attempt.js"
 * @import * as wire from "./wire.d.ts"
 */

const ANSWER_MS = 10_000;
/** An attempt that has lasted this long is started again when someone asks for one. */
const STALE_ATTEMPT_MS = 3_000;

/**
 * @typedef {object} ConnectionState
 * @property {"connecting" | "online" | "offline"} name `online` begins with the `welcome` frame, not with the handshake
 * @property {number | null} retryAt when the next attempt is due, in ms of clock.js
 *
 * @typedef {object} ConnectionEvents
 * @property {[ConnectionState]} state
 * @property {[wire.ServerEvent]} frame an event came. Its type may be unknown: a newer server may send more
 * @property {[]} signed-out the session has ended
 */

/** @extends {Emitter<ConnectionEvents>} */
export class Connection extends Emitter {
  /** The class of its sockets. The page `/wire/` replaces it by one that it can observe. */
  static WebSocket = globalThis.WebSocket;
  /** @type {ConnectionState} */
  state = { name: "connecting", retryAt: null };
  /** When the last frame came, in ms of `now`. */
  receivedAt = 0;
  /** @type {ConnectAttempt | null} the current attempt, or the connection that it has made */
  #attempt = null;
  #isRunning = false;
  #requests = new PendingRequests();
  #retryTimer = new Timer(() => void this.#beginAttempt().probeAndConnect());
  #retries;
  /** @type {Environment} */
  #environment;

  /**
   * @param {string} url
   * @param {Partial<Environment> & {random?: () => number}} [parts] replaced in tests
   */
  constructor(url, { WebSocket, random = Math.random, now: clock = now, probe = null } = {}) {
    super();
    this.url = url;
    this.now = clock;
    this.#retries = new RetrySchedule(random, () => this.now());
    this.#environment = {
      // Through unknown: a browser's events have more properties than those declared in connect_attempt.js.
      WebSocket: WebSocket ?? /** @type {SocketClass} */ (/** @type {unknown} */ (Connection.WebSocket)),
      probe,
      now: () => this.now(),
    };
  }

  get online() {
    return this.state.name === "online";
  }

  /**
   * Wait while a connection is being made.
   * @returns {Promise<void>} resolves when it is online
   * @throws {CommandError} `lost`: this attempt failed, or none is under way
   */
  whenOnline() {
    return new Promise((resolve, reject) => {
      /** @param {ConnectionState} state */
      const check = ({ name }) => {
        if (name === "connecting") return;
        stopListening();
        if (name === "online") resolve();
        else reject(new CommandError({ code: "lost" }));
      };
      const stopListening = this.on("state", check);
      check(this.state);
    });
  }

  start() {
    this.#isRunning = true;
    // No probe: the page itself has just come from the server.
    this.#beginAttempt().connect();
  }

  /** Close the connection, until `start` is called again. */
  stop() {
    this.#isRunning = false;
    this.#lose();
  }

  /** The network is back, or a person asks: try now. This does not change when the next attempt is due. */
  retryNow() {
    const isFresh = this.#attempt !== null && this.now() - this.#attempt.startedAt < STALE_ATTEMPT_MS;
    if (!this.#isRunning || this.online || isFresh) return;
    this.#retries.interrupt(this.state.retryAt);
    this.#beginAttempt().probeAndConnect();
  }

  /** Send a command that needs no answer, if there is a connection. @param {wire.Command} command */
  send(command) {
    if (this.online) this.#attempt?.send(JSON.stringify(command));
  }

  /**
   * Send a command and wait for its answer. If none comes in time the socket is dead, even without a close event: the
   * server answers commands in order, so later ones would wait as well. The connection is made again.
   * @template {wire.Command} Command
   * @param {Command} command
   * @param {number} [timeoutMs]
   * @returns {Promise<wire.Replies[Command["type"]]>}
   * @throws {CommandError} with the code of the `error` frame, `lost`, or `timeout`
   */
  request(command, timeoutMs = ANSWER_MS) {
    const connected = this.#attempt;
    if (!this.online || !connected) return Promise.reject(new CommandError({ code: "lost" }));
    return this.#requests.start(
      (ref) => connected.send(JSON.stringify({ ...command, ref })),
      timeoutMs,
      () => this.#lose(),
    );
  }

  #beginAttempt() {
    this.#retryTimer.stop();
    this.#attempt?.close();
    const attempt = new ConnectAttempt(this.url, this.#environment, {
      onText: (text) => this.#receive(text),
      onClosed: (code) => this.#closed(code),
      onFailed: () => this.#lose(),
    });
    this.#attempt = attempt;
    this.#setState("connecting");
    return attempt;
  }

  /** @param {string} text */
  #receive(text) {
    const frame = parse(text);
    this.receivedAt = this.now();
    if (!frame) return;
    if (frame.type === "reply" || frame.type === "error") {
      if (frame.type === "error" && frame.code === "signed_out") this.emit("signed-out");
      this.#requests.settle(frame);
    } else if (frame.type === "bye") {
      this.#retries.waitFor(frame.retry_after);
    } else {
      if (frame.type === "welcome") this.#welcomed();
      this.emit("frame", frame);
      if (frame.type === "welcome") this.#setState("online");
    }
  }

  #welcomed() {
    this.#attempt?.succeed();
    this.#retries.reset();
  }

  /** @param {number} code */
  #closed(code) {
    if (code === CLOSE.flooded) this.#retries.slowDown();
    this.#lose();
    if (code === CLOSE.signedOut) this.emit("signed-out");
  }

  /** There is no connection any more. */
  #lose() {
    this.#retryTimer.stop();
    this.#attempt?.close();
    this.#attempt = null;
    if (this.#isRunning) {
      this.#retryLater();
    } else {
      this.#retries.cancel();
      this.#setState("offline");
    }
    this.#requests.failAll();
  }

  #retryLater() {
    const waitMs = this.#retries.next() * 1000;
    this.#retryTimer.start(waitMs);
    this.#setState("offline", this.now() + waitMs);
  }

  /** @param {ConnectionState["name"]} name @param {number | null} [retryAt] */
  #setState(name, retryAt = null) {
    this.state = { name, retryAt };
    this.emit("state", this.state);
  }
}
