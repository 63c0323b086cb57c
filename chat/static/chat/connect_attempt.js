/** One attempt to connect: asks whether the server is there, opens a WebSocket, and waits for the first frame. */

import { SUBPROTOCOL } from "./protocol.js";
import { Timer } from "./timer.js";

const WELCOME_MS = 10_000;
/** A socket that has not opened after this time is examined. */
const OPEN_MS = 10_000;
/** After failed WebSockets a browser may delay the next by a minute (see probe.js): wait while the server answers. */
const DELAYED_BY_BROWSER_MS = 65_000;

/**
 * @typedef {object} Socket what is used of a WebSocket
 * @property {(text: string) => void} send
 * @property {() => void} close
 * @property {((event: object) => void) | null} onopen
 * @property {((event: {data: string}) => void) | null} onmessage
 * @property {((event: {code: number}) => void) | null} onclose
 *
 * @typedef {new (url: string, protocol: string) => Socket} SocketClass
 *
 * @typedef {object} Environment
 * @property {SocketClass} WebSocket
 * @property {(() => Promise<"answers" | "refused" | "silent">) | null} probe asks the server over HTTP (see probe.js)
 * @property {() => number} now monotonic milliseconds
 *
 * @typedef {object} Handlers none is called after `close`
 * @property {(text: string) => void} onText a text frame came
 * @property {(code: number) => void} onClosed the server or the network closed the socket
 * @property {() => void} onFailed there will be no connection
 */

export class ConnectAttempt {
  /** @type {Socket | null} */
  #socket = null;
  #isClosed = false;
  #isOpening = true;
  #limit = new Timer(() => this.#onLate());
  #onLate = () => {};
  #url;
  #environment;
  #handlers;

  /** @param {string} url @param {Environment} environment @param {Handlers} handlers */
  constructor(url, environment, handlers) {
    this.#url = url;
    this.#environment = environment;
    this.#handlers = handlers;
    this.startedAt = environment.now();
  }

  /** Connect, unless the server refuses a probe: then not even a WebSocket is created. */
  async probeAndConnect() {
    const { probe } = this.#environment;
    const found = probe && (await probe());
    if (found === "refused" && !this.#isClosed) this.#handlers.onFailed();
    else this.connect();
  }

  connect() {
    if (this.#isClosed) return;
    const socket = new this.#environment.WebSocket(this.#url, SUBPROTOCOL);
    this.#socket = socket;
    this.#limitTo(OPEN_MS, () => this.#examine(this.#environment.now() + DELAYED_BY_BROWSER_MS));
    // A closed socket may still fire events.
    socket.onopen = () => this.#isClosed || this.#opened();
    socket.onmessage = ({ data }) => this.#isClosed || this.#handlers.onText(data);
    socket.onclose = ({ code }) => this.#isClosed || this.#handlers.onClosed(code);
  }

  /** The first frame came: the attempt has succeeded. */
  succeed() {
    this.#isOpening = false;
    this.#limit.stop();
  }

  /** @param {string} text */
  send(text) {
    this.#socket?.send(text);
  }

  close() {
    this.#isClosed = true;
    this.#limit.stop();
    this.#socket?.close();
  }

  #opened() {
    this.#isOpening = false;
    this.#limitTo(WELCOME_MS, () => this.#handlers.onFailed());
  }

  /** @param {number} ms @param {() => void} onLate */
  #limitTo(ms, onLate) {
    this.#onLate = onLate;
    this.#limit.start(ms);
  }

  /**
   * The socket does not open: wait on only while the server answers, because then it is the browser that delays it.
   * @param {number} until in ms of `now`
   */
  async #examine(until) {
    const { probe, now } = this.#environment;
    const found = probe && now() < until ? await probe() : "silent";
    if (this.#isClosed || !this.#isOpening) return;
    if (found === "answers") this.#limitTo(OPEN_MS, () => this.#examine(until));
    else this.#handlers.onFailed();
  }
}
