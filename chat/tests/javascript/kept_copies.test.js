import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { KEPT, KeptCopies } from "../../static/chat/kept_copies.js";
import { RoomCopy } from "../../static/chat/room_copy.js";
import { message, opened } from "./cast.js";

let kept;

beforeEach(() => {
  kept = new KeptCopies();
});

const copyOf = (room, count = 1, text = "short") =>
  new RoomCopy(opened(Array.from({ length: count }, (_, at) => message(at + 1, { text })), { room }));
const put = (room, ...about) => kept.put(room, copyOf(room, ...about));

test("the newest messages of a room are kept, and the others can be loaded again", () => {
  put("lobby", KEPT.messages + 20);
  const { messages, shown } = kept.get("lobby");
  assert.equal(messages.length, KEPT.messages);
  assert.deepEqual([messages[0].seq, messages.at(-1).seq], [21, KEPT.messages + 20]);
  assert.deepEqual([shown.floor, shown.moreBefore], [21, true]);
});

test("the rooms that were left last are kept", () => {
  for (let at = 0; at < KEPT.rooms; at++) put(`room-${at}`);
  put("room-0");
  put("one-more");
  assert.equal(kept.rooms.length, KEPT.rooms);
  assert.equal(kept.get("room-1"), undefined);
  assert.ok(kept.get("room-0"));
  assert.equal(kept.rooms.at(-1), "one-more");
});

test("long messages of many rooms drop those that were left first", () => {
  // The text and its HTML count.
  const long = "x".repeat(KEPT.characters / 8);
  put("first", 1, long);
  put("second", 2, long);
  assert.deepEqual(kept.rooms, ["first", "second"]);
  put("third", 1, long);
  assert.deepEqual(kept.rooms, ["second", "third"]);
  put("too-large", 4, long);
  assert.deepEqual(kept.rooms, []);
  // What was dropped does not count any more.
  put("first", 1, long);
  put("second", 2, long);
  assert.deepEqual(kept.rooms, ["first", "second"]);
});

test("a room that is kept again counts once", () => {
  const long = "x".repeat(KEPT.characters / 8);
  for (let at = 0; at < 20; at++) put("lobby", 3, long);
  assert.deepEqual(kept.rooms, ["lobby"]);
  assert.ok(kept.delete("lobby"));
  assert.ok(!kept.delete("lobby"));
  put("other", 3, long);
  assert.deepEqual(kept.rooms, ["other"]);
});
