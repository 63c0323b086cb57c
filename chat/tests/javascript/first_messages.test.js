import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { firstMessages } from "../../static/chat/elements/first_messages.js";
import { message, person } from "./cast.js";

const HEIGHTS = { own: 50, following: 25 };
/** Fifty messages of one sender. */
const MESSAGES = Array.from({ length: 50 }, (_, index) => message(index + 1));
const seqs = (/** @type {readonly {seq: number}[]} */ messages) => [messages[0]?.seq, messages.at(-1)?.seq];

describe("the messages of the first frame", () => {
  it("are the newest ones that fill the view, at the end of the room", () => {
    assert.deepEqual(seqs(firstMessages(MESSAGES, Infinity, 500, HEIGHTS)), [31, 50]);
  });

  it("are those below a place that fill the view, and some above it", () => {
    assert.deepEqual(seqs(firstMessages(MESSAGES, 21, 500, HEIGHTS)), [15, 40]);
  });

  it("fill the view above a place near the end", () => {
    assert.deepEqual(seqs(firstMessages(MESSAGES, 49, 500, HEIGHTS)), [29, 50]);
  });

  it("are fewer when each has another sender", () => {
    const others = MESSAGES.map((each, index) => message(each.seq, { author: person(index, `p${index}`) }));
    assert.deepEqual(seqs(firstMessages(others, Infinity, 500, HEIGHTS)), [41, 50]);
  });

  it("are all of a short room, and none of an empty one", () => {
    assert.equal(firstMessages(MESSAGES.slice(0, 3), Infinity, 500, HEIGHTS).length, 3);
    assert.deepEqual(firstMessages([], Infinity, 500, HEIGHTS), []);
  });
});
