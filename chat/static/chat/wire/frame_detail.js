/**
 * One frame of the WebSocket in full: the bits of its head with their meaning, its bytes, and its content. The head is
 * all bytes before the payload; RFC 6455 calls it the header.
 */

import { find, setText, show } from "../dom.js";
import { phrase } from "../phrases.js";
import { describeClose } from "./close_codes.js";
import { make } from "./elements.js";
import { bitsOf, bytesOf, characterOf, closeOf, hexOf, onTheWire, OPCODE, parseHead } from "./frame_bytes.js";
import { indented, lineOf, opcodeName, preview } from "./frame_words.js";
import { count } from "./units.js";

/** @import { Row } from "./frame_log.js" */

/** At most this many bytes of the payload are shown. */
const SHOWN_BYTES = 256;
/** Bytes of the payload in one line. */
const PER_LINE = 8;

export class FrameDetail {
  #root;
  /** @type {Row | null} */
  #row = null;
  #drawnAs = "";

  /** @param {HTMLElement} root @param {() => void} onClose */
  constructor(root, onClose) {
    this.#root = root;
    find(root, ".frame-close").addEventListener("click", onClose);
  }

  hide() {
    this.#row = null;
    this.#drawnAs = "";
    show(this.#root, false);
  }

  /** @param {Row} row */
  draw(row) {
    // A row changes only once: when the server reports its head. To draw it without a change would end a selection.
    const as = `${row.id} ${row.head}`;
    if (as === this.#drawnAs) return;
    this.#row = row;
    this.#drawnAs = as;
    const direction = phrase(row.fromServer ? "wire_received" : "wire_sent");
    setText(find(this.#root, ".frame-detail-title"), `${opcodeName(row.opcode)} · ${direction}`);
    find(this.#root, ".frame-head").replaceChildren(...headParts(row));
    const payload = row.text === null ? bytesOf(row.payload ?? "") : [...new TextEncoder().encode(row.text)];
    find(this.#root, ".frame-bytes").replaceChildren(...byteLines(row, payload));
    const isText = row.text !== null;
    setText(find(this.#root, ".frame-text"), isText ? indented(row.text ?? "") : contentOf(row));
    show(this.#root, true);
  }

  /** The frame as text, for the clipboard. */
  asText() {
    const row = this.#row;
    if (!row) return "";
    const bytes = find(this.#root, ".frame-bytes").innerText;
    return [lineOf(row), row.head ?? "", bytes, row.text === null ? "" : indented(row.text)].filter(Boolean).join("\n");
  }
}

/** The content of a frame without text: what a close code means, or the payload. @param {Row} row */
function contentOf(row) {
  if (row.opcode === OPCODE.close && row.payload !== null) return describeClose(closeOf(row.payload).code);
  return preview(row);
}

/** The head bit by bit. @param {Row} row @returns {Node[]} */
function headParts({ head, length, isDerived }) {
  if (head === null) {
    const why = phrase(isDerived ? "wire_head_derived" : "wire_head_unknown");
    return [make("div", { class: "frame-part" }, make("dt", {}, "–"), make("dd", {}, why))];
  }
  const [first = 0, second = 0] = bytesOf(head);
  const { fin, rsv, opcode, masked, length7, extended, mask } = parseHead(head);
  const lengthMeaning =
    length7 < 126
      ? phrase(length7 === 1 ? "wire_length_one" : "wire_length", { count: count(length7) })
      : phrase(length7 === 126 ? "wire_length_126" : "wire_length_127");
  const [one, two] = [bitsOf(first), bitsOf(second)];
  const parts = [
    [one[0], "FIN", phrase(fin ? "wire_fin" : "wire_not_fin")],
    [one.slice(1, 4), "RSV", phrase(rsv ? "wire_rsv" : "wire_no_rsv")],
    [one.slice(4), "opcode", `${opcode}: ${opcodeName(opcode)}`],
    [two[0], "MASK", phrase(masked ? "wire_masked" : "wire_unmasked")],
    [two.slice(1), "length", lengthMeaning],
  ];
  const longer = phrase("wire_length", { count: count(length ?? 0) });
  if (extended.length) parts.push([extended.map(hexOf).join(" "), "length", longer]);
  if (mask.length) parts.push([mask.map(hexOf).join(" "), "key", phrase("wire_mask_key")]);
  return parts.map(([bits = "", label = "", meaning = ""]) =>
    make(
      "div",
      { class: "frame-part" },
      make("dt", {}, make("code", {}, bits), make("span", { class: "frame-label" }, label)),
      make("dd", {}, meaning),
    ),
  );
}

/**
 * The head and the payload in hex, as they are on the wire: with the mask of a frame that a client sent. The characters
 * beside the hex are those of the payload without its mask.
 * @param {Row} row @param {number[]} payload without its mask
 */
function byteLines({ head, length }, payload) {
  const headBytes = head === null ? [] : bytesOf(head);
  const { mask } = parseHead(head ?? "");
  const shown = payload.slice(0, SHOWN_BYTES);
  const wire = onTheWire(shown, mask);
  const lines = [];
  if (headBytes.length) lines.push(line("wire-head-bytes", headBytes.map(hexOf).join(" "), phrase("wire_head")));
  for (let start = 0; start < wire.length; start += PER_LINE) {
    const hex = wire.slice(start, start + PER_LINE).map(hexOf).join(" ");
    const characters = shown.slice(start, start + PER_LINE).map(characterOf).join("");
    lines.push(line("wire-payload-bytes", hex, characters));
  }
  const rest = (length ?? payload.length) - shown.length;
  if (rest > 0) lines.push(make("p", { class: "frame-rest" }, phrase("wire_more_bytes", { count: count(rest) })));
  return lines;
}

/** @param {string} name @param {string} hex @param {string} meaning */
function line(name, hex, meaning) {
  return make("p", { class: `byte-line ${name}` }, make("code", {}, hex), " ", make("span", {}, meaning));
}
