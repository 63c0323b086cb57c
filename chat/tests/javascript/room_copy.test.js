import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { RoomCopy } from "../../static/chat/room_copy.js";
import { message, opened, quoteOf } from "./cast.js";

const seqs = (copy) => copy.messages.map(({ seq }) => seq);
const event = (changed) => ({ after: changed.version - 1, upto: changed.version, messages: [changed] });

describe("a copy that gets an event", () => {
  test("applies the next version", () => {
    const copy = new RoomCopy(opened([message(1)]));
    assert.equal(copy.apply(event(message(2)))[0].message.id, 2);
    assert.deepEqual([copy.version, seqs(copy)], [2, [1, 2]]);
  });

  test("ignores a version that it has", () => {
    const copy = new RoomCopy(opened([message(1)]));
    assert.equal(copy.apply(event(message(1, { text: "other" }))), null);
    assert.equal(copy.get(1).text, "text 1");
    assert.equal(copy.hasGap, false);
  });

  test("ignores an event after a gap, and marks the copy as behind", () => {
    const copy = new RoomCopy(opened([message(1)]));
    assert.equal(copy.apply(event(message(3))), null);
    assert.deepEqual([copy.version, copy.hasGap, seqs(copy)], [1, true, [1]]);
  });

  test("replaces an edited message in its place, and returns its previous version", () => {
    const copy = new RoomCopy(opened([message(1), message(2)]));
    const [{ message: now, previous }] = copy.apply(event(message(1, { version: 3, text: "edited" })));
    assert.deepEqual([now.text, previous.text, seqs(copy)], ["edited", "text 1", [1, 2]]);
  });
});

describe("a copy that gets a delta", () => {
  test("has the version `upto` after it, also when the versions of its messages have gaps", () => {
    const copy = new RoomCopy(opened([message(1), message(2)]));
    copy.apply({ after: 2, upto: 9, messages: [message(1, { version: 7 }), message(5, { version: 9 })] });
    assert.deepEqual([copy.version, copy.get(1).version, seqs(copy)], [9, 7, [1, 2, 5]]);
  });

  test("keeps messages that are newer than those of the delta", () => {
    const copy = new RoomCopy(opened([message(1, { version: 4 })], { upto: 5 }));
    copy.apply({ after: 2, upto: 6, messages: [message(1, { version: 3, text: "old" }), message(6)] });
    assert.deepEqual([copy.version, copy.get(1).version], [6, 4]);
  });

  test("closes the gap before an event that was ignored", () => {
    const copy = new RoomCopy(opened([message(1)]));
    copy.apply(event(message(3)));
    copy.apply({ after: 1, upto: 3, messages: [message(2), message(3)] });
    assert.equal(copy.hasGap, false);
  });

  test("ignores a delta after a gap", () => {
    const copy = new RoomCopy(opened([message(1)]));
    assert.equal(copy.apply({ after: 2, upto: 4, messages: [message(4)] }), null);
    assert.deepEqual([copy.version, copy.hasGap], [1, true]);
  });
});

describe("a copy that gets an older page", () => {
  const older = (messages, more_before) => ({ messages, more_before, more_after: null });

  test("puts its messages before those of the copy", () => {
    const copy = new RoomCopy(opened([message(8), message(9)], { more_before: true }));
    copy.addPage(older([message(5), message(6)], true), { before: 8 });
    assert.deepEqual([seqs(copy), copy.tail.floor, copy.tail.moreBefore], [[5, 6, 8, 9], 5, true]);
  });

  test("ignores a page that was asked for with another `before`", () => {
    const copy = new RoomCopy(opened([message(8), message(9)], { more_before: true }));
    copy.addPage(older([message(2)], false), { before: 5 });
    assert.deepEqual([seqs(copy), copy.tail.moreBefore], [[8, 9], true]);
  });

  test("keeps an edit that arrived before the page", () => {
    const copy = new RoomCopy(opened([message(8), message(9)], { more_before: true }));
    copy.apply(event(message(5, { version: 10, text: "edited" })));
    assert.deepEqual(seqs(copy), [8, 9]);
    copy.addPage(older([message(5), message(6)], false), { before: 8 });
    assert.equal(copy.get(5).text, "edited");
  });

  test("begins at seq 0 when there are no older messages", () => {
    const copy = new RoomCopy(opened([message(8)], { more_before: true }));
    copy.addPage(older([], false), { before: 8 });
    assert.deepEqual([copy.tail.floor, copy.tail.moreBefore], [0, false]);
  });
});

describe("a copy that is opened around a place", () => {
  let copy;
  const shown = () => copy.shown.messages.map(({ seq }) => seq);
  const newer = (messages, more_after) => ({ messages, more_before: null, more_after });
  const around = (messages, more_before, more_after) => ({ messages, more_before, more_after });

  beforeEach(() => {
    const messages = [10, 11, 12].map((id) => message(id));
    copy = new RoomCopy(opened(messages, { upto: 50, more_before: true, more_after: true, at: 11 }));
  });

  test("shows the window, and collects new messages in its tail", () => {
    copy.apply(event(message(51)));
    assert.deepEqual([shown(), seqs(copy)], [[10, 11, 12], [10, 11, 12, 51]]);
    assert.deepEqual([copy.shown.moreBefore, copy.shown.moreAfter], [true, true]);
  });

  test("changes messages of the window by events, and keeps those between window and tail for later pages", () => {
    copy.apply(event(message(11, { version: 51, text: "edited" })));
    copy.apply(event(message(14, { version: 52, text: "edited" })));
    assert.deepEqual([copy.get(11).text, shown()], ["edited", [10, 11, 12]]);
    copy.addPage(newer([message(13), message(14)], true), { after: 12 });
    assert.deepEqual([shown(), copy.get(14).text], [[10, 11, 12, 13, 14], "edited"]);
  });

  test("becomes one section when a page has a message of the tail", () => {
    copy.apply(event(message(51)));
    copy.apply(event(message(52, { text: "newest" })));
    const { changed, reset } = copy.addPage(newer([message(30), message(51)], true), { after: 12 });
    assert.deepEqual([shown(), copy.window, reset], [[10, 11, 12, 30, 51, 52], null, false]);
    assert.deepEqual(changed.map(({ message: { id } }) => id), [30, 51, 52]);
  });

  test("becomes one section when a page has the last message of the room", () => {
    copy.addPage(newer([], false), { after: 12 });
    assert.deepEqual([copy.window, copy.shown.moreAfter], [null, false]);
    copy.apply(event(message(51)));
    assert.deepEqual(shown(), [10, 11, 12, 51]);
  });

  test("ignores a newer page that was asked for with another `after`", () => {
    copy.addPage(newer([message(40)], true), { after: 30 });
    assert.deepEqual(shown(), [10, 11, 12]);
  });

  test("shows another window instead, with what changed in the former one", () => {
    copy.apply(event(message(12, { version: 51, text: "edited" })));
    const { reset } = copy.addPage(around([message(12), message(13)], true, true), { around: 12 });
    assert.deepEqual([reset, shown(), copy.get(12).text, copy.get(10)], [true, [12, 13], "edited", undefined]);
  });

  test("shows the tail when a page around a place reaches it", () => {
    copy.apply(event(message(51)));
    copy.addPage(around([message(49), message(50)], true, true), { around: 50 });
    assert.deepEqual([copy.window, shown()], [null, [49, 50, 51]]);
  });

  test("shows its tail again, and loads older messages of it", () => {
    copy.apply(event(message(51)));
    copy.addPage({ messages: [message(40)], more_before: true, more_after: null }, { before: 51 });
    copy.showTail();
    assert.deepEqual([shown(), copy.window, copy.get(10)], [[40, 51], null, undefined]);
  });

  test("begins with an empty tail at version `upto`", () => {
    copy.showTail();
    assert.deepEqual([shown(), copy.tail.floor, copy.tail.moreBefore], [[], 51, true]);
  });
});

describe("a copy that shows too many messages", () => {
  const range = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
  let copy;
  const shown = () => copy.shown.messages.map(({ seq }) => seq);

  beforeEach(() => {
    copy = new RoomCopy(opened(range(1, 20).map((id) => message(id))));
  });

  test("keeps the newest ones while the reader is at the end, and says that there are older ones", () => {
    assert.equal(copy.shrink(Infinity, 12, 10), true);
    assert.deepEqual([shown(), copy.window, copy.shown.moreBefore, copy.get(1)], [range(11, 20), null, true, undefined]);
  });

  test("keeps those around the reader in a window, and the others in its tail", () => {
    copy.shrink(3, 12, 10);
    assert.deepEqual([shown(), copy.shown.moreAfter, copy.shown.moreBefore], [range(1, 10), true, false]);
    assert.deepEqual([seqs(copy), copy.tail.floor], [range(1, 20), 11]);
    copy.shrink(9, 9, 6);
    assert.deepEqual([shown(), copy.get(3)], [range(5, 10), undefined]);
  });

  test("is one section again without another page, if nothing between window and tail is missing", () => {
    copy.shrink(3, 12, 10);
    assert.deepEqual(copy.join().map(({ message: { seq } }) => seq), range(11, 20));
    assert.deepEqual([shown(), copy.window], [range(1, 20), null]);
    copy.shrink(3, 12, 10);
    copy.shrink(3, 9, 8);
    assert.equal(copy.join(), null);
  });

  test("stays within its limit", () => {
    assert.equal(copy.shrink(3, 20, 10), false);
    assert.deepEqual(shown(), range(1, 20));
  });

  test("keeps only the newest ones of a tail that is not shown", () => {
    copy.shrink(3, 12, 10);
    for (const id of range(21, 400)) copy.apply(event(message(id)));
    assert.ok(copy.tail.messages.length <= 150);
    assert.deepEqual([copy.tail.last.seq, shown()], [400, range(1, 10)]);
    assert.equal(copy.join(), null);
  });
});

test("the answer to one's own command adds the message, and leaves the version to its event", () => {
  const copy = new RoomCopy(opened([message(1)]));
  copy.applyOne(message(3));
  copy.apply(event(message(2)));
  assert.deepEqual(copy.apply(event(message(3))), []);
  assert.deepEqual([copy.version, seqs(copy)], [3, [1, 2, 3]]);
});

describe("the quote of a message that is not loaded", () => {
  const answer = (fields) => message(9, { reply_to: 2, quote: quoteOf(message(2)), ...fields });

  test("is known from the message that answers it", () => {
    const copy = new RoomCopy(opened([answer()], { more_before: true }));
    assert.equal(copy.get(2), undefined);
    assert.equal(copy.newestForm(2).text, "text 2");
    assert.equal(copy.newestForm(3), undefined);
  });

  test("changes with that message, and the messages that answer it are drawn again", () => {
    const copy = new RoomCopy(opened([message(8), answer()], { more_before: true }));
    const changed = copy.apply(event(message(2, { version: 10, text: "", deleted: true })));
    assert.deepEqual(changed.map(({ message: { id }, previous }) => [id, previous.id]), [[9, 9]]);
    assert.deepEqual([copy.newestForm(2).deleted, copy.newestForm(2).text], [true, ""]);
  });

  test("is not replaced by an older quote in another answer", () => {
    const copy = new RoomCopy(opened([message(8), answer()], { more_before: true }));
    copy.apply(event(message(2, { version: 10, text: "edited" })));
    copy.apply(event(message(11, { reply_to: 2, quote: quoteOf(message(2)) })));
    assert.equal(copy.newestForm(2).text, "edited");
  });

  test("stays at its newest known version when the message is removed", () => {
    const copy = new RoomCopy(opened([message(1), message(2), answer()]));
    copy.apply(event(message(2, { version: 10, text: "edited" })));
    copy.shrink(Infinity, 2, 1);
    assert.equal(copy.get(2), undefined);
    assert.equal(copy.newestForm(2).text, "edited");
  });
});
