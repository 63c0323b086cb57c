import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { RoomCopy } from "../../static/chat/room_copy.js";
import { ReadMark } from "../../static/chat/read_mark.js";
import { ALICE, message, opened } from "./cast.js";

/** Messages by Bob with these seqs, except for `mine`, by Alice. Older ones exist when `more`. */
function sectionOf(seqs, { more = false, mine = [], deleted = [] } = {}) {
  const of = (seq) => message(seq, { deleted: deleted.includes(seq), ...(mine.includes(seq) ? { by: ALICE } : {}) });
  return new RoomCopy(opened(seqs.map(of), { more_before: more })).shown;
}

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

let mark;

beforeEach(() => {
  mark = new ReadMark(10);
});

describe("the mark", () => {
  test("moves over messages that are on the screen, screen by screen", () => {
    const section = sectionOf(range(1, 60));
    assert.equal(mark.markSeen({ from: 5, to: 20 }, section, ALICE), true);
    assert.equal(mark.markSeen({ from: 18, to: 33 }, section, ALICE), true);
    assert.equal(mark.upto, 33);
    assert.equal(mark.firstUnread(section, ALICE).seq, 34);
  });

  test("stays before messages that were skipped", () => {
    const section = sectionOf(range(1, 60));
    assert.equal(mark.markSeen({ from: 45, to: 60 }, section, ALICE), false);
    assert.equal(mark.markSeen({ from: 12, to: 25 }, section, ALICE), false);
    assert.equal(mark.upto, 10);
  });

  test("stays while unread messages are older than the section", () => {
    const section = sectionOf(range(30, 60), { more: true });
    assert.equal(mark.isCovered(section), false);
    assert.equal(mark.markSeen({ from: 30, to: 60 }, section, ALICE), false);
    assert.equal(mark.upto, 10);
  });

  test("goes on in a window, and not beyond it", () => {
    const messages = range(8, 20).map((seq) => message(seq));
    const { shown } = new RoomCopy(opened(messages, { upto: 90, more_before: true, more_after: true }));
    assert.equal(mark.markSeen({ from: 9, to: 15 }, shown, ALICE), true);
    assert.equal(mark.markSeen({ from: 15, to: 20 }, shown, ALICE), true);
    assert.deepEqual([mark.upto, mark.isCovered(shown), mark.firstUnread(shown, ALICE)], [20, false, undefined]);
    mark.upto = 40;
    assert.equal(mark.markSeen({ from: 15, to: 20 }, shown, ALICE), false);
  });

  test("passes over one's own messages and deleted ones, which need not be on the screen", () => {
    const section = sectionOf(range(1, 20), { mine: [11, 12, 19, 20], deleted: [13] });
    assert.equal(mark.firstUnread(section, ALICE).seq, 14);
    assert.equal(mark.markSeen({ from: 14, to: 18 }, section, ALICE), true);
    assert.equal(mark.upto, 20);
  });

  test("does not go back by itself", () => {
    const section = sectionOf(range(1, 60));
    mark.moveTo(40);
    assert.equal(mark.markSeen({ from: 1, to: 15 }, section, ALICE), false);
    assert.equal(mark.moveTo(20), false);
    assert.equal(mark.upto, 40);
  });

  test("stays when no stored message is on the screen", () => {
    assert.equal(mark.markSeen({ from: Infinity, to: 20 }, sectionOf(range(1, 20)), ALICE), false);
    assert.equal(mark.markSeen({ from: 15, to: 0 }, sectionOf(range(1, 20)), ALICE), false);
  });
});
