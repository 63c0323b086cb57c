/** The bytes of a frame (RFC 6455 §5.2): what each bit of its head means, and its payload as it is on the wire. */

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/**
 * @typedef {object} Head
 * @property {boolean} fin
 * @property {number} rsv the three reserved bits
 * @property {number} opcode
 * @property {boolean} masked
 * @property {number} length7 the seven bits of the length: 126 and 127 announce a longer one
 * @property {number[]} extended the bytes of a longer length
 * @property {number[]} mask the four bytes of the masking key, or none
 */

/** @param {string} hex @returns {number[]} */
export function bytesOf(hex) {
  return (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}

/** @param {string} hex all bytes before the payload @returns {Head} */
export function parseHead(hex) {
  const [first = 0, second = 0, ...rest] = bytesOf(hex);
  const length7 = second & 0x7f;
  const size = length7 === 127 ? 8 : length7 === 126 ? 2 : 0;
  return {
    fin: first >= 0x80,
    rsv: (first >> 4) & 7,
    opcode: first & 0x0f,
    masked: second >= 0x80,
    length7,
    extended: rest.slice(0, size),
    mask: rest.slice(size, size + 4),
  };
}

/**
 * The payload as it is on the wire: each byte XOR the key's next byte (§5.3), or unchanged without a key.
 * @param {ArrayLike<number>} payload @param {number[]} mask @returns {number[]}
 */
export function onTheWire(payload, mask) {
  return Array.from(payload, (byte, index) => byte ^ (mask[index % 4] ?? 0));
}

/** @param {number} byte */
export const hexOf = (byte) => byte.toString(16).padStart(2, "0");

/** @param {number} byte */
export const bitsOf = (byte) => byte.toString(2).padStart(8, "0");

/** A byte as a character, if it is printable ASCII. @param {number} byte */
export const characterOf = (byte) => (byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : "·");

/**
 * The code and the reason in the payload of a close frame (§5.5.1).
 * @param {string} hex @returns {{code: number, reason: string}} without a code, 1005
 */
export function closeOf(hex) {
  const [high, low, ...reason] = bytesOf(hex);
  if (high === undefined || low === undefined) return { code: 1005, reason: "" };
  return { code: high * 256 + low, reason: new TextDecoder().decode(new Uint8Array(reason)) };
}
