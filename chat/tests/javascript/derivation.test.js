/** The accept value of a key, and the SHA-1 that it needs. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";

import { RFC_KEY, asText, derive, hex, problemOf, randomKey } from "../../static/chat/wire/derivation.js";
import { sha1 } from "../../static/chat/wire/sha1.js";

test("the key of RFC 6455 section 1.3 gives its accept value", () => {
  const { joined, sha1: digest, accept, bytes } = derive(RFC_KEY);
  assert.equal(joined, "dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
  assert.equal(digest, "b37a4f2cc0624f1690f64606cf385945b2bec4ea");
  assert.equal(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  assert.equal(asText(bytes), "the sample nonce");
  assert.equal(hex(bytes, " "), "74 68 65 20 73 61 6d 70 6c 65 20 6e 6f 6e 63 65");
});

test("SHA-1 is that of Node for messages around the size of a block", () => {
  for (const size of [0, 1, 3, 55, 56, 57, 60, 63, 64, 65, 119, 120, 128, 1000]) {
    const message = randomBytes(size);
    assert.equal(hex(sha1(message)), createHash("sha1").update(message).digest("hex"), `${size} bytes`);
  }
});

test("a random key has no problem, and is another one each time", () => {
  const keys = Array.from({ length: 20 }, randomKey);
  assert.deepEqual(keys.map(problemOf), keys.map(() => null));
  assert.equal(new Set(keys).size, keys.length);
});

test("a text that is not 16 bytes in base64 has a problem, which is named", () => {
  const problems = {
    "": { name: "empty" },
    "dGhlIHNhbXBsZSBub25jZ_==": { name: "character", character: "_" },
    "dGhl IHN": { name: "character", character: " " },
    "<script>": { name: "character", character: "<" },
    "👍": { name: "character", character: "👍" },
    "ｄGhlIHNhbXBsZSBub25jZQ==": { name: "character", character: "ｄ" },
    dGhlIHNhbXBsZSBub25jZQ: { name: "incomplete" },
    "dGhlIHNhbXBsZSBub25jZQ=": { name: "incomplete" },
    "dGhl=IHNhbXBsZSBub25jZQ=": { name: "incomplete" },
    "dGhlIHNhbXBsZSBub25jZSE=": { name: "length", bytes: 17 },
    AAAA: { name: "length", bytes: 3 },
  };
  for (const [text, problem] of Object.entries(problems)) assert.deepEqual(problemOf(text), problem, text);
});

test("bytes that are no visible text are not shown as text", () => {
  assert.equal(asText(Uint8Array.of(0x41, 0x00)), null);
  assert.equal(asText(Uint8Array.of(0x41, 0xe9)), null);
});
