/**
 * SHA-1 (FIPS 180-4 section 6.1), as the handshake of a WebSocket needs it. `crypto.subtle` has it too, but only in a
 * secure context: not on a site in a local network without TLS.
 */

const INITIAL = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
const BLOCK_BYTES = 64;
const ROUNDS = 80;

/** @param {Uint8Array} message @returns {Uint8Array} its digest, 20 bytes */
export function sha1(message) {
  const state = Uint32Array.from(INITIAL);
  const padded = pad(message);
  for (let start = 0; start < padded.byteLength; start += BLOCK_BYTES) addBlock(state, padded, start);
  const digest = new DataView(new ArrayBuffer(20));
  state.forEach((word, index) => digest.setUint32(4 * index, word));
  return new Uint8Array(digest.buffer);
}

/** The message, the bit 1, zeros, and the length in bits (section 5.1.1). @param {Uint8Array} message */
function pad(message) {
  const size = Math.ceil((message.length + 9) / BLOCK_BYTES) * BLOCK_BYTES;
  const padded = new Uint8Array(size);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(size - 8, BigInt(message.length) * 8n);
  return view;
}

/** @param {Uint32Array} state is changed @param {DataView} padded @param {number} start */
function addBlock(state, padded, start) {
  const words = new Uint32Array(ROUNDS);
  for (let t = 0; t < 16; t++) words[t] = padded.getUint32(start + 4 * t);
  for (let t = 16; t < ROUNDS; t++) words[t] = rotate(at(words, t - 3) ^ at(words, t - 8) ^ at(words, t - 14) ^ at(words, t - 16), 1);
  let [a, b, c, d, e] = /** @type {[number, number, number, number, number]} */ ([...state]);
  for (let t = 0; t < ROUNDS; t++) {
    const [mixed, constant] = mix(t, b, c, d);
    const next = (rotate(a, 5) + mixed + e + constant + at(words, t)) | 0;
    [e, d, c, b, a] = [d, c, rotate(b, 30), a, next];
  }
  [a, b, c, d, e].forEach((word, index) => (state[index] = at(state, index) + word));
}

/**
 * The function and the constant of a round (sections 4.1.1, 4.2.1).
 * @param {number} t @param {number} b @param {number} c @param {number} d
 * @returns {[number, number]}
 */
function mix(t, b, c, d) {
  if (t < 20) return [(b & c) ^ (~b & d), 0x5a827999];
  if (t < 40) return [b ^ c ^ d, 0x6ed9eba1];
  if (t < 60) return [(b & c) ^ (b & d) ^ (c & d), 0x8f1bbcdc];
  return [b ^ c ^ d, 0xca62c1d6];
}

/** @param {number} word @param {number} bits */
const rotate = (word, bits) => (word << bits) | (word >>> (32 - bits));

/** @param {Uint32Array} words @param {number} index */
const at = (words, index) => words[index] ?? 0;
