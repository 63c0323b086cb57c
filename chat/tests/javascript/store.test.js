import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Store } from "../../static/chat/store.js";
import { ALICE, BOB, GUEST, facts, mentioning, message, opened, state, welcome } from "./cast.js";

let store;

beforeEach(() => {
  store = new Store(welcome({ rooms: [state(), state("garden")] }));
  store.applyOpen(opened([message(1)], { state: { role: "member", read: 1 } }));
});

const counts = (slug = "lobby") => {
  const { unread, mentions, read } = store.rooms.get(slug);
  return { unread, mentions, read };
};
const receive = (changed) =>
  store.apply({ type: "message", room: "lobby", version: changed.version, message: changed });
const rename = (room, name, version) =>
  store.apply({ type: "room", room, version, state: facts(room, { name, changed_version: version }) });

describe("the unread count", () => {
  test("of a watched room grows with messages of others", () => {
    receive(message(2));
    receive(message(3, { mentions: mentioning(ALICE) }));
    receive(message(4, { by: ALICE }));
    assert.deepEqual(counts(), { unread: 2, mentions: 1, read: 1 });
    assert.equal(store.unread, 2);
  });

  test("shrinks when an unread message is deleted; the mentions when an edit removes one", () => {
    receive(message(2, { mentions: mentioning(ALICE) }));
    receive(message(2, { version: 3, text: "nobody" }));
    assert.deepEqual(counts(), { unread: 1, mentions: 0, read: 1 });
    receive(message(2, { version: 4, text: "", deleted: true }));
    assert.deepEqual(counts(), { unread: 0, mentions: 0, read: 1 });
  });

  test("stays when a read message is edited", () => {
    receive(message(1, { version: 2, text: "edited" }));
    assert.equal(counts().unread, 0);
  });

  test("of another room is the server's", () => {
    store.apply({ type: "unread", room: "garden", unread: 5, mentions: 1, active_at: "2026-01-02T10:00:00Z" });
    assert.deepEqual(counts("garden"), { unread: 5, mentions: 1, read: 0 });
  });

  test("is 0 after the reader has seen the room, until the next message", () => {
    receive(message(2));
    store.markSeen("lobby", 2);
    assert.deepEqual(counts(), { unread: 0, mentions: 0, read: 1 });
    receive(message(3));
    assert.equal(counts().unread, 1);
  });

  test("is that of the messages after the last seen one, also while the server does not know of it", () => {
    for (const seq of [2, 3, 4]) receive(message(seq, { ...(seq === 4 ? { mentions: mentioning(ALICE) } : {}) }));
    store.markSeen("lobby", 3);
    assert.deepEqual(counts(), { unread: 1, mentions: 1, read: 1 });
    store.apply({ type: "read", room: "lobby", upto: 2, unread_marks: 0, unread: 2, mentions: 1 });
    assert.deepEqual(counts(), { unread: 1, mentions: 1, read: 2 });
    store.apply(welcome({ rooms: [state("lobby", { read: 2, unread: 2, mentions: 1 })] }));
    assert.deepEqual(counts(), { unread: 1, mentions: 1, read: 2 });
  });

  test("is the server's while unread messages are older than the copy", () => {
    store.applyOpen(opened([message(90)], { more_before: true, state: { role: "member", read: 1, unread: 70 } }));
    store.markSeen("lobby", 5);
    assert.equal(counts().unread, 70);
  });

  test("is less by what was seen in a window, and the server's when the window is left", () => {
    const messages = [2, 3, 4, 5].map((id) => message(id, id === 3 ? { mentions: mentioning(ALICE) } : {}));
    const behind = { role: "member", read: 1, unread: 70, mentions: 2 };
    store.applyOpen(opened(messages, { upto: 90, more_before: true, more_after: true, state: behind }));
    store.markSeen("lobby", 3);
    assert.deepEqual(counts(), { unread: 68, mentions: 1, read: 1 });
    store.markSeen("lobby", 4);
    receive(message(91));
    assert.deepEqual(counts(), { unread: 68, mentions: 1, read: 1 });
    store.apply({ type: "read", room: "lobby", upto: 3, unread_marks: 0, unread: 69, mentions: 1 });
    assert.deepEqual(counts(), { unread: 68, mentions: 1, read: 3 });
    store.markSeen("lobby", 91);
    assert.equal(counts().unread, 0);
  });

  test("is not counted down from the server's limit", () => {
    const behind = { role: "member", read: 1, unread: 1000 };
    store.applyOpen(opened([message(2)], { upto: 9000, more_after: true, state: behind }));
    store.markSeen("lobby", 2);
    assert.equal(counts().unread, 1000);
  });

  test("follows what was read on another device, and ignores an older position", () => {
    receive(message(2));
    store.apply({ type: "read", room: "lobby", upto: 2, unread_marks: 0, unread: 0, mentions: 0 });
    store.apply({ type: "read", room: "lobby", upto: 1, unread_marks: 0, unread: 1, mentions: 0 });
    assert.deepEqual(counts(), { unread: 0, mentions: 0, read: 2 });
  });

  test("goes back when messages are marked as unread, also if an older event comes late", () => {
    receive(message(2));
    store.markSeen("lobby", 2);
    store.apply({ type: "read", room: "lobby", upto: 2, unread_marks: 0, unread: 0, mentions: 0 });
    store.apply({ type: "read", room: "lobby", upto: 0, unread_marks: 1, unread: 2, mentions: 0 });
    assert.deepEqual(counts(), { unread: 2, mentions: 0, read: 0 });
    store.apply({ type: "read", room: "lobby", upto: 2, unread_marks: 0, unread: 0, mentions: 0 });
    assert.deepEqual(counts(), { unread: 2, mentions: 0, read: 0 });
    store.apply(welcome({ rooms: [state("lobby", { read: 0, unread_marks: 1, unread: 2 })] }));
    assert.equal(counts().unread, 2);
  });

  test("stays 0 in a room without a membership", () => {
    store.applyOpen(opened([message(1)], { room: "square", state: { role: null } }));
    store.apply({ type: "message", room: "square", version: 2, message: message(2) });
    assert.equal(counts("square").unread, 0);
  });
});

describe("the list of rooms", () => {
  test("applies a rename also after a gap, and asks for the missing changes", () => {
    const gaps = [];
    store.on("gap", ({ room }) => gaps.push(room));
    rename("lobby", "Hall", 5);
    assert.equal(store.rooms.get("lobby").name, "Hall");
    assert.deepEqual([store.copy("lobby").version, gaps], [1, ["lobby"]]);
  });

  test("ignores a rename that is older than the known one", () => {
    rename("garden", "new", 3);
    rename("garden", "old", 2);
    assert.equal(store.rooms.get("garden").name, "new");
  });

  test("keeps role and counts of the reader when an older rename arrives", () => {
    const added = state("garden", { role: "owner", unread: 3, changed_version: 5 });
    store.apply({ type: "room_added", room: "garden", state: added });
    rename("garden", "old", 4);
    const { name, role, unread } = store.rooms.get("garden");
    assert.deepEqual([name, role, unread], ["garden", "owner", 3]);
  });

  test("adds and removes rooms", () => {
    const removed = [];
    store.on("removed", ({ room }) => removed.push(room));
    store.apply({ type: "room_added", room: "attic", state: state("attic") });
    assert.equal(store.rooms.has("attic"), true);
    store.apply({ type: "room_removed", room: "attic" });
    assert.deepEqual([store.rooms.has("attic"), removed], [false, ["attic"]]);
  });

  test("keeps a room that is shown without a membership after a new welcome", () => {
    store.applyOpen(opened([], { room: "square", state: { role: null } }));
    store.apply(welcome());
    assert.deepEqual([...store.rooms.keys()], ["lobby", "square"]);
  });
});

describe("the copy of a room", () => {
  test("is dropped with a new epoch", () => {
    const resets = [];
    store.on("messages", ({ reset }) => resets.push(reset));
    store.apply(welcome({ epoch: "e2" }));
    assert.deepEqual([store.copy("lobby"), resets], [undefined, [true]]);
  });

  test("stays with the same epoch", () => {
    store.apply(welcome());
    assert.equal(store.copy("lobby").version, 1);
  });

  test("is replaced by an answer with `limited`", () => {
    store.applyOpen(opened([message(90)], { more_before: true }));
    assert.deepEqual(store.copy("lobby").messages.map(({ id }) => id), [90]);
  });

  test("that is new asks again when an event was newer than its answer", () => {
    const gaps = [];
    receive(message(91));
    store.on("gap", () => gaps.push(1));
    store.applyOpen(opened([message(90)], { more_before: true }));
    assert.equal(gaps.length, 1);
  });
});

test("one's own message is emitted once, although its answer and its event both bring it", () => {
  const shown = [];
  store.on("messages", ({ changed }) => shown.push(...changed.map((change) => change.message.id)));
  store.applyReply({ room: "lobby", message: message(2, { by: ALICE }) });
  receive(message(2, { by: ALICE }));
  assert.deepEqual([shown, store.copy("lobby").version], [[2], 2]);
});

test("a person who sent a message is no longer typing", () => {
  store.apply({ type: "typing", room: "lobby", who: [BOB] });
  receive(message(2));
  assert.deepEqual(store.typing("lobby").names, []);
});

test("events of an unknown type are ignored, also those with the name of a property of Object", () => {
  for (const type of ["surprise", "constructor", "__proto__", "toString"]) store.apply({ type });
});

describe("a room that is closed", () => {
  const ids = (room = "lobby") => store.copy(room)?.messages.map(({ id }) => id);

  test("has unread counts from the server, also while its copy shows fewer messages", () => {
    store.markSeen("lobby", 1);
    store.close("lobby");
    store.apply({ type: "unread", room: "lobby", unread: 3, mentions: 0 });
    assert.deepEqual(counts(), { unread: 3, mentions: 0, read: 1 });
  });

  test("keeps its copy, which events do not reach and the next answer to `open` continues", () => {
    store.close("lobby");
    receive(message(3));
    assert.deepEqual([ids(), store.copy("lobby").version], [[1], 1]);
    const delta = { after: 1, upto: 3, limited: false, state: { role: "member", read: 1, unread: 2 } };
    store.applyOpen(opened([message(2), message(3)], delta));
    assert.deepEqual([ids(), store.copy("lobby").version], [[1, 2, 3], 3]);
    assert.equal(counts().unread, 2);
    receive(message(4));
    assert.deepEqual(ids(), [1, 2, 3, 4]);
    assert.equal(counts().unread, 3);
  });

  test("drops its copy for a newer one when too much has changed", () => {
    store.close("lobby");
    store.applyOpen(opened([message(8), message(9)], { more_before: true, limited: true }));
    assert.deepEqual(ids(), [8, 9]);
  });

  test("shows the reply to a message that waited in the outbox", () => {
    store.close("lobby");
    store.applyReply({ type: "reply", ref: 1, room: "lobby", message: message(5, { by: ALICE }) });
    assert.deepEqual([ids(), store.copy("lobby").version], [[1, 5], 1]);
  });

  test("has no copy after the person was removed from it, or has left it in another tab", () => {
    store.close("lobby");
    store.apply({ type: "room_removed", room: "lobby" });
    assert.equal(store.copy("lobby"), undefined);

    store.applyOpen(opened([message(1)], { room: "garden" }));
    store.close("garden");
    store.apply(welcome({ rooms: [state("lobby")] }));
    assert.equal(store.copy("garden"), undefined);
  });

  test("has no copy of another epoch: a backup was restored", () => {
    store.close("lobby");
    store.apply(welcome({ epoch: "e2" }));
    assert.equal(store.copy("lobby"), undefined);
  });

  test("says whether the person may write there, as the latest answer to `open` said", () => {
    assert.ok(store.rights.canPost("lobby"));
    store.applyOpen(opened([], { can_post: false, limited: false, upto: 1, after: 1 }));
    assert.ok(!store.rights.canPost("lobby"));
    // In an archived room nobody may write: their role decides when it is restored.
    const archived = { role: "member", archived: true, changed_version: 2 };
    store.applyOpen(opened([], { can_post: false, limited: false, upto: 2, after: 1, state: archived }));
    assert.ok(store.rights.canPost("lobby"));
  });

  test("lets the person write when everyone may again, also if they could not when the room was opened", () => {
    const closed = { role: "member", who_posts: "moderators", changed_version: 2 };
    store.applyOpen(opened([], { can_post: false, limited: false, upto: 2, after: 1, state: closed }));
    const open = facts("lobby", { who_posts: "everyone", changed_version: 3 });
    store.apply({ type: "room", room: "lobby", version: 3, state: open });
    assert.ok(store.rights.canPost("lobby"));
  });

  test("leaves the list of a user who is not a member, but not that of a guest", () => {
    store.applyOpen(opened([message(1)], { room: "square", state: { role: null } }));
    assert.ok(store.rooms.has("square"));
    store.close("square");
    assert.ok(!store.rooms.has("square"));
    assert.equal(store.copy("square"), undefined);
    assert.ok(store.rooms.has("lobby"));

    const guests = new Store(welcome({ you: GUEST, rooms: [state("lobby", { role: null })] }));
    guests.applyOpen(opened([message(1)], { state: { role: null } }));
    guests.close("lobby");
    assert.ok(guests.rooms.has("lobby"));
  });
});
