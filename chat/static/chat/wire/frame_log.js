/**
 * The frames of the connection, at most KEPT of them. The page sees its text messages at once; a report of the server
 * follows with their heads, and with the frames that no page sees: pings, pongs, close frames.
 */

import { Emitter } from "../emitter.js";
import { OPCODE } from "./frame_bytes.js";

/** @import * as wire from "../wire.d.ts" */

export const KEPT = 500;
/** Characters of a message that are kept. */
const MAX_TEXT = 64 * 1024;
/** Values that are secrets: a token with which a guest comes back, and what others may add. */
const SECRET = /"(resume|token|secret|password|session)":"((?:[^"\\]|\\.)+)"/g;

/**
 * @typedef {object} Row
 * @property {number} id
 * @property {number} connection 1 for the first one of this page
 * @property {boolean} fromServer
 * @property {number} at in ms of clock.js
 * @property {number} opcode
 * @property {number | null} message its number among the messages of its direction
 * @property {string | null} head in hex; null until the server reports it, or if it does not
 * @property {number | null} length of the payload in bytes, if known
 * @property {string | null} text of a message, with secrets replaced by asterisks
 * @property {string | null} payload of a control frame, in hex
 * @property {number | null} roundTripMs of a pong
 * @property {boolean} isDerived the page has not seen the frame, but knows of it from the end of the connection
 *
 * @typedef {object} LogEvents
 * @property {[]} changed
 */

/** @extends {Emitter<LogEvents>} */
export class FrameLog extends Emitter {
  /** The oldest first. @type {Row[]} */
  rows = [];
  /** Frames that the server did not report, because there were too many. */
  skipped = 0;
  #connection = 0;
  #lastId = 0;
  #messages = { sent: 0, received: 0 };
  /** Messages of this connection that have no head yet, by direction and number. @type {Map<string, Row>} */
  #withoutHead = new Map();

  /** A new connection begins. */
  begin() {
    this.#connection += 1;
    this.#messages = { sent: 0, received: 0 };
    this.#withoutHead.clear();
  }

  /** A text message passes. @param {boolean} fromServer @param {string} text @param {number} at */
  addMessage(fromServer, text, at) {
    const message = fromServer ? ++this.#messages.received : ++this.#messages.sent;
    const row = this.#add({ fromServer, at, opcode: OPCODE.text, message, text: withoutSecrets(text) });
    this.#withoutHead.set(`${fromServer} ${message}`, row);
    this.emit("changed");
  }

  /** A close frame of which the page knows from the end of the connection. @param {boolean} fromServer
   * @param {string} payload in hex @param {number} at */
  addClose(fromServer, payload, at) {
    const isThere = this.rows.some(
      (row) => row.connection === this.#connection && row.opcode === OPCODE.close && row.fromServer === fromServer,
    );
    if (isThere) return;
    this.#add({ fromServer, at, opcode: OPCODE.close, payload, length: payload.length / 2, isDerived: true });
    this.emit("changed");
  }

  /** A report of the server. @param {wire.Frames} report @param {number} openedAt in ms of clock.js */
  apply({ frames, skipped }, openedAt) {
    this.skipped += skipped;
    for (const frame of frames) this.#applyFrame(frame, openedAt + frame.at);
    this.emit("changed");
  }

  clear() {
    this.rows = [];
    this.skipped = 0;
    this.emit("changed");
  }

  /** @param {wire.ObservedFrame} frame @param {number} at */
  #applyFrame({ from_server: fromServer, head, length, message, payload, round_trip_ms: roundTripMs }, at) {
    const key = `${fromServer} ${message}`;
    const known = this.#withoutHead.get(key);
    const opcode = Number.parseInt(head[1] ?? "0", 16);
    if (known) {
      this.#withoutHead.delete(key);
      Object.assign(known, { head, length, opcode });
    } else {
      this.#add({ fromServer, at, opcode, message, head, length, payload, roundTripMs });
    }
  }

  /** @param {Partial<Row> & Pick<Row, "fromServer" | "at" | "opcode">} given @returns {Row} */
  #add(given) {
    const row = {
      ...{ message: null, head: null, length: null, text: null, payload: null, roundTripMs: null, isDerived: false },
      ...given,
      id: ++this.#lastId,
      connection: this.#connection,
    };
    // A report comes a little later than its frames, so they belong before the newest ones.
    let place = this.rows.length;
    while (place > 0 && isAfter(this.rows[place - 1], row)) place -= 1;
    this.rows.splice(place, 0, row);
    if (this.rows.length > KEPT) this.#forget(this.rows.shift());
    return row;
  }

  /** @param {Row | undefined} row */
  #forget(row) {
    if (row) this.#withoutHead.delete(`${row.fromServer} ${row.message}`);
  }
}

/** @param {Row | undefined} one @param {Row} other @returns {boolean} */
function isAfter(one, other) {
  return one !== undefined && one.connection === other.connection && one.at > other.at;
}

/**
 * A message as it is shown. Its secrets have as many asterisks as bytes, so that it keeps its length.
 * @param {string} text
 */
export function withoutSecrets(text) {
  const shown = text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text;
  return shown.replace(SECRET, (_, name, secret) => `"${name}":"${"*".repeat(secret.length)}"`);
}
