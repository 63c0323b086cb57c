import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { RoomCopy } from "../../static/chat/copy.js";
import { message, opened, quoteOf } from "./cast.js";

const seqs = (copy) => copy.messages.map(({ seq }) => seq);
const event = (changed) => ({ after: changed.version - 1, upto: changed.version, messages: [changed] });

describe("one event", () => {
  test("the next version is applied", () => {
    const copy = new RoomCopy(opened([message(1)]));
    assert.equal(copy.apply(event(message(2)))[0].message.id, 2);
    assert.deepEqual([copy.version, seqs(copy)], [2, [1, 2]]);
  });

  test("the same version again is ignored", () => {
    const copy = new RoomCopy(opened([message(1)]));
    assert.equal(copy.apply(event(message(1, { text: "other" }))), null);
    assert.equal(copy.get(1).text, "text 1");
    assert.equal(copy.behind, false);
  });

  test("one beyond a hole is not applied, and the copy knows that it is behind", () => {
    const copy = new RoomCopy(opened([message(1)]));
    assert.equal(copy.apply(event(message(3))), null);
    assert.deepEqual([copy.version, copy.behind, seqs(copy)], [1, true, [1]]);
  });

  test("an edit replaces the message in its place and tells the former one", () => {
    const copy = new RoomCopy(opened([message(1), message(2)]));
    const [{ message: now, former }] = copy.apply(event(message(1, { version: 3, text: "edited" })));
    assert.deepEqual([now.text, former.text, seqs(copy)], ["edited", "text 1", [1, 2]]);
  });
});

describe("a fill", () => {
  test("with gaps in its versions brings the copy to `upto`", () => {
    const copy = new RoomCopy(opened([message(1), message(2)]));
    copy.apply({ after: 2, upto: 9, messages: [message(1, { version: 7 }), message(5, { version: 9 })] });
    assert.deepEqual([copy.version, copy.get(1).version, seqs(copy)], [9, 7, [1, 2, 5]]);
  });

  test("that begins before the copy's version is applied, older messages in it are not", () => {
    const copy = new RoomCopy(opened([message(1, { version: 4 })], { upto: 5 }));
    copy.apply({ after: 2, upto: 6, messages: [message(1, { version: 3, text: "old" }), message(6)] });
    assert.deepEqual([copy.version, copy.get(1).version], [6, 4]);
  });

  test("that ends where an event already was leaves nothing behind", () => {
    const copy = new RoomCopy(opened([message(1)]));
    copy.apply(event(message(3)));
    copy.apply({ after: 1, upto: 3, messages: [message(2), message(3)] });
    assert.equal(copy.behind, false);
  });

  test("that begins behind a hole is not applied", () => {
    const copy = new RoomCopy(opened([message(1)]));
    assert.equal(copy.apply({ after: 2, upto: 4, messages: [message(4)] }), null);
    assert.deepEqual([copy.version, copy.behind], [1, true]);
  });
});

describe("older pages", () => {
  test("go before what is there", () => {
    const copy = new RoomCopy(opened([message(8), message(9)], { more: true }));
    copy.older({ messages: [message(5), message(6)], more: true }, 8);
    assert.deepEqual([seqs(copy), copy.floor, copy.more], [[5, 6, 8, 9], 5, true]);
  });

  test("answer to the question of now only", () => {
    const copy = new RoomCopy(opened([message(8), message(9)], { more: true }));
    copy.older({ messages: [message(2)], more: false }, 5);
    assert.deepEqual([seqs(copy), copy.more], [[8, 9], true]);
  });

  test("do not bring back what was edited while they were on their way", () => {
    const copy = new RoomCopy(opened([message(8), message(9)], { more: true }));
    copy.apply(event(message(5, { version: 10, text: "edited" })));
    assert.deepEqual(seqs(copy), [8, 9]);
    copy.older({ messages: [message(5), message(6)], more: false }, 8);
    assert.equal(copy.get(5).text, "edited");
  });

  test("the first of all opens the window to the beginning", () => {
    const copy = new RoomCopy(opened([message(8)], { more: true }));
    copy.older({ messages: [], more: false }, 8);
    assert.deepEqual([copy.floor, copy.more], [0, false]);
  });
});

test("trimming keeps the newest and knows that there are older ones", () => {
  const copy = new RoomCopy(opened([1, 2, 3, 4, 5].map((id) => message(id))));
  copy.trim(2);
  assert.deepEqual([seqs(copy), copy.floor, copy.more, copy.get(1)], [[4, 5], 4, true, undefined]);
});

test("one's own answer ahead of its event shows the message and leaves the version", () => {
  const copy = new RoomCopy(opened([message(1)]));
  copy.take(message(3));
  copy.apply(event(message(2)));
  assert.deepEqual(copy.apply(event(message(3))), []);
  assert.deepEqual([copy.version, seqs(copy)], [3, [1, 2, 3]]);
});

describe("the quote of a message that is not loaded", () => {
  const answer = (fields) => message(9, { reply_to: 2, quote: quoteOf(message(2)), ...fields });

  test("comes with its answer", () => {
    const copy = new RoomCopy(opened([answer()], { more: true }));
    assert.equal(copy.get(2), undefined);
    assert.equal(copy.quoted(2).text, "text 2");
    assert.equal(copy.quoted(3), undefined);
  });

  test("changes with that message, and its answers are told to be drawn again", () => {
    const copy = new RoomCopy(opened([message(8), answer()], { more: true }));
    const changed = copy.apply(event(message(2, { version: 10, text: "", deleted: true })));
    assert.deepEqual(changed.map(({ message: { id }, former }) => [id, former.id]), [[9, 9]]);
    assert.deepEqual([copy.quoted(2).deleted, copy.quoted(2).text], [true, ""]);
  });

  test("is not undone by the older quote of another answer", () => {
    const copy = new RoomCopy(opened([message(8), answer()], { more: true }));
    copy.apply(event(message(2, { version: 10, text: "edited" })));
    copy.apply(event(message(11, { reply_to: 2, quote: quoteOf(message(2)) })));
    assert.equal(copy.quoted(2).text, "edited");
  });

  test("stays as it was last known when the message is let go", () => {
    const copy = new RoomCopy(opened([message(1), message(2), answer()]));
    copy.apply(event(message(2, { version: 10, text: "edited" })));
    copy.trim(1);
    assert.equal(copy.get(2), undefined);
    assert.equal(copy.quoted(2).text, "edited");
  });
});
