/** Frames in words: their opcode, a line of their content, and a line of text for the clipboard. */

import { now } from "../clock.js";
import { phrase } from "../phrases.js";
import { describeClose } from "./close_codes.js";
import { bytesOf, characterOf, closeOf, OPCODE, parseHead } from "./frame_bytes.js";
import { bytes, milliseconds, timeOfDay } from "./units.js";

/** @import { Row } from "./frame_log.js" */

const OPCODES = {
  [OPCODE.continuation]: "wire_continuation",
  [OPCODE.text]: "wire_text",
  [OPCODE.binary]: "wire_binary",
  [OPCODE.close]: "wire_close",
  [OPCODE.ping]: "wire_ping",
  [OPCODE.pong]: "wire_pong",
};
/** Characters of a message in the list. */
const PREVIEW = 200;

/** @param {number} opcode */
export const opcodeName = (opcode) => phrase(OPCODES[opcode] ?? "wire_reserved");

/** @param {Row} row @returns {string} */
export function preview({ opcode, text, payload, roundTripMs, isDerived }) {
  if (text !== null) return text.slice(0, PREVIEW);
  if (opcode === OPCODE.close && payload !== null) {
    const { code, reason } = closeOf(payload);
    const words = reason ? `${describeClose(code)} “${reason}”` : describeClose(code);
    return isDerived ? `${words} ${phrase("wire_derived")}` : words;
  }
  if (payload === null) return phrase("wire_fragment");
  const characters = bytesOf(payload).map(characterOf).join("");
  const quoted = characters ? `“${characters}”` : phrase("wire_empty");
  return roundTripMs === null ? quoted : `${quoted} ${phrase("wire_round_trip", { time: milliseconds(roundTripMs) })}`;
}

/** One line of text about a frame. @param {Row} row */
export function lineOf(row) {
  const { at, fromServer, opcode, head, length, text } = row;
  const parsed = head === null ? null : parseHead(head);
  const flags = parsed ? ` ${parsed.fin ? "FIN" : "fin=0"}${parsed.masked ? " MASK" : ""}` : "";
  const size = length === null ? "" : ` ${bytes(length)}`;
  return `${timeOfDay(at, now())} ${fromServer ? "←" : "→"} ${opcodeName(opcode)}${flags}${size} ${text ?? preview(row)}`;
}

/** JSON with line breaks; other text as it is. @param {string} text */
export function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
