import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Emitter } from "../../static/chat/emitter.js";
import { Outbox } from "../../static/chat/outbox.js";
import { CommandError } from "../../static/chat/protocol.js";

// The module reads phrases, which are their own names without a page.
globalThis.document ??= /** @type {any} */ ({ getElementById: () => null });
const { syncHeld } = await import("../../static/chat/held_sync.js");

class Storage {
  values = new Map();
  getItem = (key) => this.values.get(key) ?? null;
  setItem = (key, value) => void this.values.set(key, value);
  removeItem = (key) => void this.values.delete(key);
}

const AT = "2026-01-01T10:00:00Z";
const waitingOf = (id, more = {}) => ({
  ...{ room: "tea", client_id: id, body: `text ${id}`, reply_to: null, thread: null, in_room: true },
  ...{ silent: false, poll: null, files: [], at: AT, ...more },
});

let connection, outbox, posted, answer, store;

beforeEach(() => {
  posted = [];
  answer = { waiting: [], ended: [] };
  const send = (item) => {
    posted.push(item.client_id);
    return Promise.reject(new CommandError({ code: "held" }));
  };
  outbox = new Outbox({ storage: /** @type {any} */ (new Storage()), owner: "u:1", send });
  store = new Emitter();
  connection = Object.assign(new Emitter(), { request: () => Promise.resolve(answer) });
  syncHeld(/** @type {any} */ ({ connection, outbox, store, shownRoom: () => "tea" }));
});

const settled = () => new Promise((resolve) => setTimeout(resolve, 10));
const states = () => outbox.items().map(({ client_id: id, state, reason }) => [id, state, reason]);

/** Hold a message that this device has sent. */
async function holdOwn(id) {
  outbox.resume();
  outbox.add({ client_id: id, room: "tea", body: "own", reply_to: null, at: AT });
  await settled();
  posted = [];
}

async function ask() {
  connection.emit("state", { name: "online" });
  await settled();
}

test("a message that another device has sent is shown as waiting, with the names of its files", async () => {
  await holdOwn("own");
  answer = { waiting: [waitingOf("own"), waitingOf("other", { files: ["a.png"] })], ended: [] };
  await ask();
  assert.deepEqual(states(), [["own", "held", undefined], ["other", "held", undefined]]);
  assert.deepEqual(outbox.items().map(({ fileNames }) => fileNames), [undefined, ["a.png"]]);
  await ask();
  assert.equal(outbox.items().length, 2);
});

test("the event asks for a message that this device does not know, and not for its own", async () => {
  await holdOwn("own");
  let asked = 0;
  connection.request = () => {
    asked += 1;
    return Promise.resolve({ waiting: [waitingOf("own"), waitingOf("other")], ended: [] });
  };
  store.emit("held", { room: "tea", client_id: "own", state: "waiting" });
  await settled();
  assert.equal(asked, 0);
  store.emit("held", { room: "tea", client_id: "other", state: "waiting" });
  await settled();
  assert.deepEqual([asked, outbox.items().length], [1, 2]);
});

test("what became of a message is told on all devices", async () => {
  await holdOwn("own");
  answer = { waiting: ["own", "1", "2", "3", "4"].map((id) => waitingOf(id)), ended: [] };
  store.emit("held", { room: "tea", client_id: "1", state: "waiting" });
  await settled();
  for (const [id, state] of [["1", "refused"], ["2", "expired"], ["3", "withdrawn"], ["4", "posted"]]) {
    store.emit("held", { room: "tea", client_id: id, state });
  }
  assert.deepEqual(states(), [
    ["own", "held", undefined],
    ["1", "failed", "held_refused"],
    ["2", "failed", "held_expired"],
  ]);
  assert.deepEqual(posted, []);
});

test("its own message that was posted is asked for again, because the event of the room may be lost", async () => {
  await holdOwn("own");
  store.emit("held", { room: "tea", client_id: "own", state: "posted" });
  await settled();
  assert.deepEqual(posted, ["own"]);
});

test("what the server does not know any more is posted again by the device that wrote it alone", async () => {
  await holdOwn("own");
  answer = { waiting: [waitingOf("own"), waitingOf("other")], ended: [] };
  await ask();
  answer = { waiting: [], ended: [] };
  await ask();
  assert.deepEqual([posted, states()], [["own"], [["own", "held", undefined]]]);
});
