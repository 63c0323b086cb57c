import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { RoomCopy } from "../../static/chat/copy.js";
import { ReadMark } from "../../static/chat/read_mark.js";
import { ALICE, message, opened } from "./cast.js";

/** Bob's messages with these seqs; older ones exist when `more`. */
function copyOf(seqs, { more = false, mine = [], deleted = [] } = {}) {
  const of = (seq) => message(seq, { deleted: deleted.includes(seq), ...(mine.includes(seq) ? { by: ALICE } : {}) });
  return new RoomCopy(opened(seqs.map(of), { more }));
}

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

let mark;

beforeEach(() => {
  mark = new ReadMark(10);
});

describe("the mark", () => {
  test("moves over what is on the screen, screen by screen", () => {
    const copy = copyOf(range(1, 60));
    assert.equal(mark.saw({ from: 5, to: 20 }, copy, ALICE), true);
    assert.equal(mark.saw({ from: 18, to: 33 }, copy, ALICE), true);
    assert.equal(mark.upto, 33);
    assert.equal(mark.first(copy, ALICE).seq, 34);
  });

  test("stays where messages were jumped over", () => {
    const copy = copyOf(range(1, 60));
    assert.equal(mark.saw({ from: 45, to: 60 }, copy, ALICE), false);
    assert.equal(mark.saw({ from: 12, to: 25 }, copy, ALICE), false);
    assert.equal(mark.upto, 10);
  });

  test("stays while what is unread begins before the copy", () => {
    const copy = copyOf(range(30, 60), { more: true });
    assert.deepEqual([mark.isCovered(copy), mark.saw({ from: 30, to: 60 }, copy, ALICE), mark.upto], [false, false, 10]);
  });

  test("needs no screen for one's own messages and for deleted ones", () => {
    const copy = copyOf(range(1, 20), { mine: [11, 12, 19, 20], deleted: [13] });
    assert.equal(mark.first(copy, ALICE).seq, 14);
    assert.equal(mark.saw({ from: 14, to: 18 }, copy, ALICE), true);
    assert.equal(mark.upto, 20);
  });

  test("never goes back", () => {
    const copy = copyOf(range(1, 60));
    mark.moveTo(40);
    assert.equal(mark.saw({ from: 1, to: 15 }, copy, ALICE), false);
    assert.equal(mark.moveTo(20), false);
    assert.equal(mark.upto, 40);
  });

  test("is not moved by a view without stored messages", () => {
    assert.equal(mark.saw({ from: Infinity, to: 20 }, copyOf(range(1, 20)), ALICE), false);
    assert.equal(mark.saw({ from: 15, to: 0 }, copyOf(range(1, 20)), ALICE), false);
  });
});
