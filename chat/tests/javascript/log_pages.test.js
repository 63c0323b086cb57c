import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { LogPages } from "../../static/chat/elements/log_pages.js";

/**
 * @import { RoomContext } from "../../static/chat/room_view.js"
 * @import { Scroller } from "../../static/chat/elements/scroller.js"
 */

/** @type {unknown[]} what was shown: the place of a page that was loaded, or the end */
let done;
/** @type {((page: object) => void)[]} each answers a request */
let answers;
/** @type {LogPages} */
let pages;

beforeEach(() => {
  done = [];
  answers = [];
  const tail = { messages: [], moreBefore: true, floor: 90 };
  const store = {
    copy: () => ({ window: {}, tail, shown: { covers: () => false } }),
    showTail: () => done.push("the end"),
    applyHistory: (/** @type {object} */ _page, /** @type {object} */ place) => done.push(place),
  };
  const connection = { whenOnline: async () => {}, request: () => new Promise((resolve) => answers.push(resolve)) };
  const context = { connection, room: "lobby", signal: new AbortController().signal, store };
  const scroller = /** @type {Scroller} */ (/** @type {unknown} */ ({ on: () => {} }));
  pages = new LogPages(/** @type {RoomContext} */ (/** @type {unknown} */ (context)), scroller, () => {});
});

const asked = () => new Promise((resolve) => setImmediate(resolve));

describe("a reader who asks for a second place before the first one is loaded", () => {
  test("is shown the messages around the second one, not the end", async () => {
    const [end, around] = [pages.showEnd(), pages.showAround(14)];
    await asked();
    for (const answer of answers.reverse()) answer({});
    assert.deepEqual([await end, await around], [false, true]);
    assert.deepEqual(done, [{ around: 14 }, { before: 90 }]);
  });

  test("is shown the end, not the messages around the first one", async () => {
    const [around, end] = [pages.showAround(14), pages.showEnd()];
    await asked();
    for (const answer of answers.reverse()) answer({});
    assert.deepEqual([await around, await end], [false, true]);
    assert.deepEqual(done, [{ before: 90 }, "the end"]);
  });
});

test("a reader who asks for one place is shown it", async () => {
  const around = pages.showAround(14);
  await asked();
  answers[0]?.({});
  assert.equal(await around, true);
  assert.deepEqual(done, [{ around: 14 }]);
});
