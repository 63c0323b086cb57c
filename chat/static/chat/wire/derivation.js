/** How Sec-WebSocket-Accept follows from Sec-WebSocket-Key (RFC 6455 section 4.2.2, item 5.4), without I/O. */

import { sha1 } from "./sha1.js";

/** The key and the accept value of the example in RFC 6455 section 1.3. */
export const RFC_KEY = "dGhlIHNhbXBsZSBub25jZQ==";
export const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const KEY_BYTES = 16;
const NOT_BASE64 = /[^A-Za-z0-9+/=]/u;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * What is wrong with a text that should be a key: nothing was typed; a character that base64 does not have; an
 * incomplete group of four characters; or base64 of the wrong number of bytes.
 * @typedef {{name: "empty"} | {name: "character", character: string} | {name: "incomplete"} | {name: "length", bytes: number}} KeyProblem
 *
 * @typedef {object} Derivation
 * @property {string} key
 * @property {Uint8Array} bytes of the key
 * @property {string} joined the key and the GUID
 * @property {string} sha1 of `joined`, in hexadecimal digits
 * @property {string} accept `sha1` in base64
 */

/** @param {string} key @returns {KeyProblem | null} null for a key that is 16 bytes in base64 */
export function problemOf(key) {
  if (!key) return { name: "empty" };
  const wrong = NOT_BASE64.exec(key);
  if (wrong) return { name: "character", character: wrong[0] };
  if (!BASE64.test(key)) return { name: "incomplete" };
  const bytes = atob(key).length;
  return bytes === KEY_BYTES ? null : { name: "length", bytes };
}

/** @param {string} key one without a problem @returns {Derivation} */
export function derive(key) {
  const joined = key + GUID;
  const digest = sha1(new TextEncoder().encode(joined));
  const bytes = Uint8Array.from(atob(key), (character) => character.charCodeAt(0));
  return { key, bytes, joined, sha1: hex(digest), accept: btoa(String.fromCharCode(...digest)) };
}

/** A key as a browser makes it: 16 random bytes in base64. */
export function randomKey() {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(KEY_BYTES))));
}

/** @param {Uint8Array} bytes @param {string} [separator] @returns {string} two hexadecimal digits for each byte */
export function hex(bytes, separator = "") {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(separator);
}

/** @param {Uint8Array} bytes @returns {string | null} their text, if all are visible characters of ASCII or spaces */
export function asText(bytes) {
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f) ? String.fromCharCode(...bytes) : null;
}
