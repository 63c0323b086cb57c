/** What is known of the page's connection: from its socket in the browser, and from the reports of the server. */

import { now } from "../clock.js";
import { Emitter } from "../emitter.js";
import { command } from "../protocol.js";
import { hexOf } from "./frame_bytes.js";
import { FrameLog } from "./frame_log.js";
import { latestSocket, sockets } from "./observed_socket.js";

/**
 * @import * as wire from "../wire.d.ts"
 * @import { Connection } from "../socket.js"
 * @import { ObservedSocket } from "./observed_socket.js"
 *
 * @typedef {object} Ending
 * @property {number} code of the close event
 * @property {string} reason
 * @property {boolean} wasClean
 * @property {boolean} byPage whether the page began the closing handshake
 * @property {number} at in ms of clock.js
 *
 * @typedef {object} ObservedEvents
 * @property {[]} changed
 */

const REPORT = '{"type":"frames",';

/** @extends {Emitter<ObservedEvents>} */
export class ObservedConnection extends Emitter {
  log = new FrameLog();
  /** @type {ObservedSocket | null} the newest one */
  socket = null;
  /** How many connections this page has made. */
  count = 0;
  /** What the server says about the handshake; null before it answers. @type {wire.ObserveReply | null} */
  reply = null;
  /** @type {Ending | null} */
  ending = null;
  /** @type {{sent: wire.Traffic, received: wire.Traffic}} seen from the page */
  traffic = none();
  /** The latest round trip of a ping, in ms. @type {number | null} */
  roundTripMs = null;
  #isClosedByPage = false;
  #connection;

  /** @param {Connection} connection */
  constructor(connection) {
    super();
    this.#connection = connection;
    const first = latestSocket();
    if (first) this.#begin(first);
    sockets.on("begin", (socket) => this.#begin(socket));
    sockets.on("open", () => this.emit("changed"));
    sockets.on("sent", (socket, text) => this.#message(socket, false, text));
    sockets.on("received", (socket, text) => text.startsWith(REPORT) || this.#message(socket, true, text));
    sockets.on("closing", (socket, code) => socket === this.socket && this.#closing(code));
    sockets.on("closed", (socket, event) => socket === this.socket && this.#closed(event));
    connection.on("frame", (frame) => frame.type === "frames" && this.#report(frame));
    connection.on("state", ({ name }) => {
      if (name === "online") void this.#observe();
      this.emit("changed");
    });
  }

  get state() {
    return this.#connection.state;
  }

  /** Whether the server reports frames; null before it has said so. */
  get showsFrames() {
    return this.reply?.shows_frames ?? null;
  }

  /** Make the server send a ping frame. */
  ping() {
    this.#connection.send(command.pingFrame());
  }

  /** Close the connection and make a new one. */
  reconnect() {
    this.#connection.stop();
    this.#connection.start();
  }

  async #observe() {
    const { socket } = this;
    // A refusal is an answer as well: an older server does not know the command.
    const reply = await this.#connection.request(command.observe()).catch(() => null);
    if (socket !== this.socket) return;
    this.reply = reply;
    // So that the page has a ping and its round trip to show. By itself the server pings only a silent client.
    if (this.showsFrames) this.ping();
    this.emit("changed");
  }

  /** @param {ObservedSocket} socket */
  #begin(socket) {
    this.socket = socket;
    this.count += 1;
    this.reply = this.ending = this.roundTripMs = null;
    this.traffic = none();
    this.#isClosedByPage = false;
    this.log.begin();
    this.emit("changed");
  }

  /** @param {ObservedSocket} socket @param {boolean} fromServer @param {string} text */
  #message(socket, fromServer, text) {
    if (socket !== this.socket) return;
    if (!this.showsFrames) {
      const traffic = this.traffic[fromServer ? "received" : "sent"];
      traffic.frames += 1;
      traffic.bytes += text.length;
    }
    this.log.addMessage(fromServer, text, now());
    this.emit("changed");
  }

  /** @param {wire.Frames} report */
  #report(report) {
    // Seen from the server: what it has received, the page has sent.
    this.traffic = { sent: report.received, received: report.sent };
    for (const { round_trip_ms: ms } of report.frames) if (ms !== null) this.roundTripMs = ms;
    this.log.apply(report, this.socket?.openedAt ?? now());
    this.emit("changed");
  }

  /** @param {number} code */
  #closing(code) {
    this.#isClosedByPage = true;
    // A close without a code has no payload, and the close event then has 1005 (RFC 6455 §7.4.1).
    if (this.socket?.openedAt != null) this.log.addClose(false, code === 1005 ? "" : payloadOf(code, ""), now());
  }

  /** @param {CloseEvent} event */
  #closed({ code, reason, wasClean }) {
    const byPage = this.#isClosedByPage;
    this.ending = { code, reason, wasClean, byPage, at: now() };
    if (wasClean) {
      const payload = code === 1005 ? "" : payloadOf(code, reason);
      // The one who is asked answers with the same code (§5.5.1).
      for (const fromServer of byPage ? [true] : [true, false]) this.log.addClose(fromServer, payload, now());
    }
    this.emit("changed");
  }
}

/** @returns {{sent: wire.Traffic, received: wire.Traffic}} */
function none() {
  return { sent: { frames: 0, bytes: 0 }, received: { frames: 0, bytes: 0 } };
}

/** The payload of a close frame, in hex. @param {number} code @param {string} reason */
function payloadOf(code, reason) {
  return [code >> 8, code & 0xff, ...new TextEncoder().encode(reason)].map(hexOf).join("");
}
