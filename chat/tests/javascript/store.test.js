import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Store } from "../../static/chat/store.js";
import { ALICE, BOB, mentioning, message, opened, state, welcome } from "./cast.js";

let store;

beforeEach(() => {
  store = new Store();
  store.apply(welcome({ rooms: [state(), state("garden")] }));
  store.applyOpen(opened([message(1)], { state: { role: "member", read: 1 } }));
});

const counts = (slug = "lobby") => {
  const { unread, mentions, read } = store.rooms.get(slug);
  return { unread, mentions, read };
};
const say = (changed) => store.apply({ type: "message", room: "lobby", version: changed.version, message: changed });

describe("unread counts", () => {
  test("of a watched room grow with what others say", () => {
    say(message(2));
    say(message(3, { mentions: mentioning(ALICE) }));
    say(message(4, { by: ALICE }));
    assert.deepEqual(counts(), { unread: 2, mentions: 1, read: 1 });
    assert.equal(store.unread, 2);
  });

  test("shrink when an unread message is deleted, and with an edit that names me no more", () => {
    say(message(2, { mentions: mentioning(ALICE) }));
    say(message(2, { version: 3, text: "nobody" }));
    assert.deepEqual(counts(), { unread: 1, mentions: 0, read: 1 });
    say(message(2, { version: 4, text: "", deleted: true }));
    assert.deepEqual(counts(), { unread: 0, mentions: 0, read: 1 });
  });

  test("do not grow by edits of what was read", () => {
    say(message(1, { version: 2, text: "edited" }));
    assert.equal(counts().unread, 0);
  });

  test("are the server's for other rooms", () => {
    store.apply({ type: "unread", room: "garden", unread: 5, mentions: 1 });
    assert.deepEqual(counts("garden"), { unread: 5, mentions: 1, read: 0 });
  });

  test("are none of a room that I have seen, until something else comes", () => {
    say(message(2));
    store.see("lobby", 2);
    assert.deepEqual(counts(), { unread: 0, mentions: 0, read: 1 });
    say(message(3));
    assert.equal(counts().unread, 1);
  });

  test("are what is left behind what I have seen, whatever the server knows yet", () => {
    for (const seq of [2, 3, 4]) say(message(seq, { ...(seq === 4 ? { mentions: mentioning(ALICE) } : {}) }));
    store.see("lobby", 3);
    assert.deepEqual(counts(), { unread: 1, mentions: 1, read: 1 });
    store.apply({ type: "read", room: "lobby", upto: 2, unread: 2, mentions: 1 });
    assert.deepEqual(counts(), { unread: 1, mentions: 1, read: 2 });
    store.apply(welcome({ rooms: [state("lobby", { read: 2, unread: 2, mentions: 1 })] }));
    assert.deepEqual(counts(), { unread: 1, mentions: 1, read: 2 });
  });

  test("stay the server's while what is unread begins before the copy", () => {
    store.applyOpen(opened([message(90)], { more: true, state: { role: "member", read: 1, unread: 70 } }));
    store.see("lobby", 5);
    assert.equal(counts().unread, 70);
  });

  test("follow what I read on another device, and never go back", () => {
    say(message(2));
    store.apply({ type: "read", room: "lobby", upto: 2, unread: 0, mentions: 0 });
    store.apply({ type: "read", room: "lobby", upto: 1, unread: 0, mentions: 0 });
    assert.deepEqual(counts(), { unread: 0, mentions: 0, read: 2 });
  });

  test("stay at none in a room of which I am no member", () => {
    store.applyOpen(opened([message(1)], { room: "square", state: { role: null } }));
    store.apply({ type: "message", room: "square", version: 2, message: message(2) });
    assert.equal(counts("square").unread, 0);
  });
});

describe("rooms", () => {
  test("a rename counts by its own version, also behind a hole, where the log asks for more", () => {
    const holes = [];
    store.on("hole", ({ room }) => holes.push(room));
    const renamed = state("lobby", { name: "Hall", changed_version: 5 });
    store.apply({ type: "room", room: "lobby", version: 5, state: renamed });
    assert.equal(store.rooms.get("lobby").name, "Hall");
    assert.deepEqual([store.copy("lobby").version, holes], [1, ["lobby"]]);
  });

  test("a late rename does not undo a newer one", () => {
    const rename = (name, version) =>
      store.apply({ type: "room", room: "garden", version, state: state("garden", { name, changed_version: version }) });
    rename("new", 3);
    rename("old", 2);
    assert.equal(store.rooms.get("garden").name, "new");
  });

  test("come and go", () => {
    const gone = [];
    store.on("removed", ({ room }) => gone.push(room));
    store.apply({ type: "room_added", room: "attic", state: state("attic") });
    assert.equal(store.rooms.has("attic"), true);
    store.apply({ type: "room_removed", room: "attic" });
    assert.deepEqual([store.rooms.has("attic"), gone], [false, ["attic"]]);
  });

  test("a room that one only looks at stays through a new welcome", () => {
    store.applyOpen(opened([], { room: "square", state: { role: null } }));
    store.apply(welcome());
    assert.deepEqual([...store.rooms.keys()], ["lobby", "square"]);
  });
});

describe("copies", () => {
  test("are dropped with a new epoch", () => {
    const resets = [];
    store.on("messages", ({ reset }) => resets.push(reset));
    store.apply(welcome({ epoch: "e2" }));
    assert.deepEqual([store.copy("lobby"), resets], [undefined, [true]]);
  });

  test("stay with the same epoch", () => {
    store.apply(welcome());
    assert.equal(store.copy("lobby").version, 1);
  });

  test("are replaced by a limited answer", () => {
    store.applyOpen(opened([message(90)], { more: true }));
    assert.deepEqual(store.copy("lobby").messages.map(({ id }) => id), [90]);
  });

  test("a new copy asks again for what was heard of while it was on its way", () => {
    const holes = [];
    say(message(91));
    store.on("hole", () => holes.push(1));
    store.applyOpen(opened([message(90)], { more: true }));
    assert.equal(holes.length, 1);
  });
});

test("my own message, answered before its event, is shown once", () => {
  const shown = [];
  store.on("messages", ({ changed }) => shown.push(...changed.map((change) => change.message.id)));
  store.applyOwn({ room: "lobby", message: message(2, { by: ALICE }) });
  say(message(2, { by: ALICE }));
  assert.deepEqual([shown, store.copy("lobby").version], [[2], 2]);
});

test("who said it is no longer typing", () => {
  store.apply({ type: "typing", room: "lobby", who: [BOB] });
  say(message(2));
  assert.deepEqual(store.typing("lobby").names, []);
});

test("events of no known type, also those named like an object's own things, are ignored", () => {
  for (const type of ["surprise", "constructor", "__proto__", "toString"]) store.apply({ type });
});
