/** The bits of a frame's head, and its bytes on the wire (RFC 6455 §5.2, §5.3, §5.7). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, closeOf, hexOf, onTheWire, parseHead } from "../../static/chat/wire/frame_bytes.js";

test("the masked Hello of the RFC is parsed and masked", () => {
  const head = parseHead("818537fa213d");
  assert.deepEqual(
    { ...head },
    { fin: true, rsv: 0, opcode: 1, masked: true, length7: 5, extended: [], mask: [0x37, 0xfa, 0x21, 0x3d] },
  );
  const hello = new TextEncoder().encode("Hello");
  assert.deepEqual(onTheWire(hello, head.mask).map(hexOf).join(" "), "7f 9f 4d 51 58");
});

test("a payload without a mask is on the wire as it is", () => {
  assert.equal(parseHead("8105").masked, false);
  assert.deepEqual(onTheWire([1, 2, 3], []), [1, 2, 3]);
});

test("longer lengths take two or eight bytes, before the masking key", () => {
  assert.deepEqual(parseHead("81fe010001020304").extended, [1, 0]);
  assert.deepEqual(parseHead("81fe010001020304").mask, [1, 2, 3, 4]);
  assert.deepEqual(parseHead("827f0000000000010000").extended, bytesOf("0000000000010000"));
  assert.deepEqual(parseHead("827f0000000000010000").mask, []);
});

test("a fragment and a continuation are told apart from a complete message", () => {
  assert.deepEqual([parseHead("0103").fin, parseHead("0103").opcode], [false, 1]);
  assert.deepEqual([parseHead("8003").fin, parseHead("8003").opcode], [true, 0]);
  assert.equal(parseHead("c103").rsv, 4);
});

test("a close frame has a code and a reason, or neither", () => {
  assert.deepEqual(closeOf("03f4"), { code: 1012, reason: "" });
  assert.deepEqual(closeOf(`0fa1${Buffer.from("schluß").toString("hex")}`), { code: 4001, reason: "schluß" });
  assert.deepEqual(closeOf(""), { code: 1005, reason: "" });
});
