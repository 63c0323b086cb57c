/** A WebSocket that reports what happens on it. The page's connection uses it on `/wire/` only. */

import { now } from "../clock.js";
import { Emitter } from "../emitter.js";
import { Connection } from "../socket.js";

/**
 * @typedef {object} SocketEvents
 * @property {[ObservedSocket]} begin a connection is being made
 * @property {[ObservedSocket]} open the handshake has succeeded
 * @property {[ObservedSocket, string]} sent a text message
 * @property {[ObservedSocket, string]} received a text message
 * @property {[ObservedSocket, number]} closing the page closes it, with this code
 * @property {[ObservedSocket, CloseEvent]} closed
 */

/** What happens on the sockets of the page. @type {Emitter<SocketEvents>} */
export const sockets = new Emitter();

/** @type {ObservedSocket | null} */
let latest = null;

/** The newest socket: the first one is made before anyone can listen to `sockets`. */
export const latestSocket = () => latest;

/** In the query of the address: asks the server to keep the handshake of this connection, and to report its frames. */
const MARK = "observe";

export class ObservedSocket extends WebSocket {
  /** When it was created, in ms of clock.js. */
  begunAt = now();
  /** When the handshake succeeded; null before. @type {number | null} */
  openedAt = null;

  /** @param {string | URL} url @param {string | string[]} [protocols] */
  constructor(url, protocols = []) {
    super(`${url}?${MARK}`, protocols);
    this.offered = [protocols].flat();
    latest = this;
    sockets.emit("begin", this);
    this.addEventListener("open", () => {
      this.openedAt = now();
      sockets.emit("open", this);
    });
    this.addEventListener("message", ({ data }) => sockets.emit("received", this, data));
    this.addEventListener("close", (event) => sockets.emit("closed", this, event));
  }

  /** @override @param {string} text */
  send(text) {
    if (this.readyState === WebSocket.OPEN) sockets.emit("sent", this, text);
    super.send(text);
  }

  /** @override @param {number} [code] @param {string} [reason] */
  close(code, reason) {
    if (this.readyState <= WebSocket.OPEN) sockets.emit("closing", this, code ?? 1005);
    super.close(code, reason);
  }
}

Connection.WebSocket = ObservedSocket;
