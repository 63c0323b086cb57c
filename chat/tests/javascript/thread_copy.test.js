/** What a page holds of a thread, and which threads have unread replies. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Store } from "../../static/chat/store.js";
import { message, opened, quoteOf, state, welcome } from "./cast.js";

/** @import * as wire from "../../static/chat/wire.d.ts" */

const root = message(1, { replies: { count: 2, last_at: "2026-01-01T10:00:00Z", people: [2] } });
/** @param {number} id */
const reply = (id, fields = {}) => message(id, { thread: 1, in_room: false, ...fields });
/** @param {Partial<wire.ThreadReply>} [fields] @returns {wire.ThreadReply} */
const answer = (fields = {}) => ({
  type: "reply",
  ref: null,
  room: "lobby",
  version: 3,
  root,
  replies: [reply(2), reply(3)],
  more_before: false,
  following: true,
  unread_from: null,
  ...fields,
});
/** @param {wire.Message} sent @returns {wire.MessageEvent} */
const event = (sent) => ({ type: "message", room: "lobby", version: sent.version, message: sent });

function started(threads = []) {
  const store = new Store(welcome({ rooms: [state("lobby", { threads })] }));
  store.applyOpen(opened([root], { upto: 3, state: { threads } }));
  return store;
}

test("a reply is not shown in the room, but its thread has it", () => {
  const store = started();
  const copy = store.openThread("lobby", 1);
  store.applyThread(answer(), copy);
  store.apply(event(reply(4)));
  store.apply(event({ ...root, version: 5, replies: { ...root.replies, count: 3 } }));
  assert.deepEqual(store.copy("lobby").messages.map(({ id }) => id), [1]);
  assert.equal(store.copy("lobby").get(1).replies.count, 3);
  assert.deepEqual(copy.replies.map(({ id }) => id), [2, 3, 4]);
  assert.equal(store.rooms.get("lobby").unread, 0);
});

test("a reply that the room shows, too, is in both", () => {
  const store = started();
  const copy = store.openThread("lobby", 1);
  store.applyThread(answer(), copy);
  store.apply(event(reply(4, { in_room: true })));
  assert.deepEqual(store.copy("lobby").messages.map(({ id }) => id), [1, 4]);
  assert.deepEqual(copy.replies.map(({ id }) => id), [2, 3, 4]);
});

test("an event that comes before the answer is not lost, and an older form in the answer does not replace it", () => {
  const store = started();
  const copy = store.openThread("lobby", 1);
  store.apply(event(reply(3, { version: 4, text: "edited" })));
  store.apply(event(reply(5)));
  assert.equal(copy.isLoaded, false);
  store.applyThread(answer(), copy);
  assert.deepEqual(copy.replies.map(({ text }) => text), ["text 2", "edited", "text 5"]);
});

test("a reply to a reply of another thread is not taken", () => {
  const store = started();
  const copy = store.openThread("lobby", 1);
  store.applyThread(answer(), copy);
  store.apply(event(reply(4, { thread: 9 })));
  store.closeThread(copy);
  store.apply(event(reply(5)));
  assert.deepEqual(copy.replies.map(({ id }) => id), [2, 3]);
});

test("a copy of the room that begins anew expires the thread", () => {
  const store = started();
  const copy = store.openThread("lobby", 1);
  store.applyThread(answer(), copy);
  const expired = [];
  store.on("thread-expired", (each) => expired.push(each));
  store.applyOpen(opened([root, message(90)], { upto: 90, more_before: true }));
  assert.deepEqual([expired, copy.isLoaded], [[copy], false]);
});

test("an older form of a page that is loaded later does not bring a deleted reply back", () => {
  const store = started();
  const copy = store.openThread("lobby", 1);
  store.applyThread(answer({ replies: [reply(3)], more_before: true }), copy);
  store.apply(event(reply(2, { version: 4, deleted: true, text: "" })));
  assert.deepEqual(copy.replies.map(({ id }) => id), [3]);
  store.applyThread(answer({ replies: [reply(2)] }), copy);
  assert.deepEqual(copy.replies.map(({ id, deleted }) => [id, deleted]), [[2, true], [3, false]]);
});

test("followed threads with unread replies are counted as the events say", () => {
  const store = started([7]);
  assert.equal(store.unreadThreads, 1);
  const follow = (/** @type {number} */ thread, /** @type {number | null} */ unreadFrom) =>
    store.apply({ type: "follow", room: "lobby", thread, following: true, unread_from: unreadFrom });
  follow(1, 4);
  follow(1, 4);
  assert.equal(store.unreadThreads, 2);
  follow(7, null);
  assert.deepEqual(store.rooms.get("lobby").threads, [1]);
  store.apply({ type: "unread_threads", room: "lobby", threads: [5, 1] });
  assert.equal(store.unreadThreads, 2);
  store.apply({ type: "follow", room: "unknown", thread: 3, following: true, unread_from: 3 });
  assert.equal(store.unreadThreads, 2);
});

test("the copy knows what its person follows and has read", () => {
  const store = started();
  const copy = store.openThread("lobby", 1);
  store.applyThread(answer({ unread_from: 3 }), copy);
  assert.deepEqual([copy.following, copy.unreadFrom, store.unreadThreads], [true, 3, 1]);
  store.apply({ type: "follow", room: "lobby", thread: 1, following: false, unread_from: null });
  assert.deepEqual([copy.following, copy.unreadFrom, store.unreadThreads], [false, null, 0]);
});

test("a quote in a thread is shown in its newest form", () => {
  const store = started();
  const copy = store.openThread("lobby", 1);
  const quote = quoteOf(reply(2));
  store.applyThread(answer({ replies: [reply(3, { reply_to: 2, quote })], more_before: true }), copy);
  assert.equal(copy.newestForm(2).text, "text 2");
  store.apply(event(reply(2, { version: 4, text: "edited" })));
  assert.equal(copy.newestForm(2).text, "edited");
  assert.equal(copy.newestForm(99), undefined);
});
