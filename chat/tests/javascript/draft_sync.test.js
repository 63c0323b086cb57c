import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { DraftSync } from "../../static/chat/draft_sync.js";
import { Draft } from "../../static/chat/drafts.js";
import { Emitter } from "../../static/chat/emitter.js";
import { CommandError } from "../../static/chat/protocol.js";

const QUOTE = { id: 7, author: { id: 2, name: "bob" }, guest: null, text: "Tea?" };
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** The server's side of drafts: one list for all devices of the person. */
class Server {
  drafts = new Map();
  devices = [];
  time = 0;

  save({ room, thread = null, client_id, body, reply_to = null }) {
    const key = `${room} ${thread}`;
    const at = `2026-01-01T00:00:${String(++this.time).padStart(2, "0")}Z`;
    const draft = body || reply_to ? { room, thread, body, reply_to, quote: reply_to && QUOTE, client_id, at } : null;
    if (draft) this.drafts.set(key, draft);
    else this.drafts.delete(key);
    for (const device of this.devices) if (device.connection.online) device.store.emit("draft", { room, thread, at, draft });
  }
}

/** A browser with a storage and a connection of its own. */
class Device {
  constructor(server, { storage = aStorage(), online = true, guest = false } = {}) {
    this.server = server;
    this.storage = storage;
    this.sent = [];
    this.error = null;
    /** @type {any} */
    this.store = Object.assign(new Emitter(), { you: { user: guest ? null : { id: 1 } }, rooms: new Map([["tea", {}]]) });
    /** @type {any} */
    this.connection = Object.assign(new Emitter(), { online, request: (what) => this.#request(what) });
    server.devices.push(this);
    this.sync = new DraftSync({ storage, owner: "u:1", store: this.store, connection: this.connection });
    this.draft = new Draft(storage, "u:1", "tea");
  }

  get text() {
    return new Draft(this.storage, "u:1", "tea").read().text;
  }

  async #request(what) {
    if (!this.connection.online) throw new CommandError({ code: "lost" });
    if (this.error) throw new CommandError({ code: this.error });
    this.sent.push(what);
    if (what.type === "drafts") return { drafts: [...this.server.drafts.values()], waiting: 0, failed: 0 };
    this.server.save(what);
    return {};
  }

  async write(text, files = []) {
    this.draft.write({ text, reply: null, files });
    this.sync.noteChange(this.draft.key);
    this.sync.flush();
    await settled();
  }

  async goOnline() {
    this.connection.online = true;
    this.connection.emit("state", { name: "online" });
    await settled();
  }
}

function aStorage() {
  const methods = {
    getItem: (key) => (Object.hasOwn(storage, key) ? storage[key] : null),
    setItem: (key, value) => void (storage[key] = String(value)),
    removeItem: (key) => void delete storage[key],
  };
  const storage = Object.create(methods);
  return storage;
}

let server, desk, phone;

beforeEach(() => {
  server = new Server();
  desk = new Device(server);
  phone = new Device(server);
});

describe("a draft of two devices", () => {
  test("is the same on both", async () => {
    await desk.write("half a thought");
    assert.equal(phone.text, "half a thought");
    await phone.write("half a thought and more");
    assert.equal(desk.text, "half a thought and more");
  });

  test("has the same client_id on both, so that it is stored once if both send it", async () => {
    await desk.write("once");
    const shown = phone.draft.read();
    assert.equal(phone.draft.take(shown), desk.draft.take({ text: "once", reply: null, files: [] }));
  });

  test("is gone from both when one sends it", async () => {
    await desk.write("sent soon");
    desk.draft.take({ text: "sent soon", reply: null, files: [] });
    desk.sync.noteChange(desk.draft.key);
    desk.sync.flush();
    await settled();
    assert.deepEqual([desk.text, phone.text, server.drafts.size], ["", "", 0]);
    assert.deepEqual(Object.keys(desk.storage), []);
  });

  test("that is not sent to the server yet is not replaced by that of the other one", async () => {
    desk.connection.online = false;
    await desk.write("written in a tunnel");
    desk.connection.online = true;
    await phone.write("written at the desk");
    assert.equal(desk.text, "written in a tunnel");
    desk.sync.flush();
    await settled();
    assert.equal(phone.text, "written in a tunnel");
  });

  test("keeps the files of each device", async () => {
    const file = { id: "f1", name: "tea.png" };
    await phone.write("look", [file]);
    await desk.write("look at this");
    assert.deepEqual(phone.draft.read(), { text: "look at this", reply: null, files: [file] });
    assert.deepEqual(desk.draft.read().files, []);
  });

  test("carries the message that it answers", async () => {
    desk.draft.write({ text: "yes", reply: { id: 7, name: "bob", text: "Tea?" }, files: [] });
    desk.sync.noteChange(desk.draft.key);
    desk.sync.flush();
    await settled();
    assert.deepEqual(phone.draft.read().reply, { id: 7, name: "bob", text: "Tea?" });
  });
});

describe("after a time without a connection", () => {
  test("what was written meanwhile is sent", async () => {
    desk.connection.online = false;
    await desk.write("offline");
    assert.equal(server.drafts.size, 0);
    await desk.goOnline();
    assert.equal(phone.text, "offline");
  });

  test("two texts that were written apart become one, and nothing is lost", async () => {
    await desk.write("first");
    desk.connection.online = false;
    await desk.write("mine");
    await phone.write("theirs");
    await desk.goOnline();
    for (const device of [desk, phone]) assert.equal(device.text, "theirs\n\nmine");
  });

  test("a text that has the other one in it replaces it", async () => {
    desk.connection.online = false;
    await phone.write("tea at five");
    await desk.write("tea at five or six");
    await desk.goOnline();
    assert.equal(phone.text, "tea at five or six");
  });

  test("an answer that was lost is no other text", async () => {
    await desk.write("one");
    desk.connection.online = false;
    await desk.write("one two");
    // It arrived, but its answer did not.
    const { client_id } = JSON.parse(desk.storage.getItem(desk.draft.key));
    desk.storage.setItem(desk.draft.key, JSON.stringify({ ...JSON.parse(desk.storage[desk.draft.key]), ours: [client_id] }));
    server.save({ room: "tea", client_id, body: "one two" });
    await desk.write("one two three");
    await desk.goOnline();
    assert.equal(phone.text, "one two three");
  });

  test("a draft that was sent from another device is gone", async () => {
    await desk.write("sent by phone");
    desk.connection.online = false;
    phone.draft.take(phone.draft.read());
    phone.sync.noteChange(phone.draft.key);
    phone.sync.flush();
    await settled();
    assert.equal(desk.text, "sent by phone");
    await desk.goOnline();
    assert.equal(desk.text, "");
  });

  test("a draft that was sent without a connection is removed from the server", async () => {
    await desk.write("in the outbox");
    desk.connection.online = false;
    desk.draft.take({ text: "in the outbox", reply: null, files: [] });
    const again = new Device(server, { storage: desk.storage, online: false });
    await again.goOnline();
    assert.deepEqual([again.text, phone.text, server.drafts.size], ["", "", 0]);
  });

  test("the draft of a room that the person does not see now stays", async () => {
    await desk.write("for later");
    server.drafts.clear();
    desk.store.rooms.clear();
    await desk.goOnline();
    assert.equal(desk.text, "for later");
  });
});

describe("a draft that the server refuses", () => {
  test("stays in the browser", async () => {
    desk.error = "too_long";
    await desk.write("x".repeat(100_000));
    desk.error = null;
    assert.equal(desk.text.length, 100_000);
    await desk.write("short");
    assert.equal(phone.text, "short");
  });
});

test("a guest has drafts in the browser alone", async () => {
  const guest = new Device(server, { guest: true });
  await guest.write("mine");
  assert.deepEqual([guest.sent, guest.text], [[], "mine"]);
});

test("the rooms with drafts are listed", async () => {
  await desk.write("here");
  server.save({ room: "den", thread: 12, client_id: "c", body: "there" });
  assert.deepEqual(desk.sync.places, [{ room: "tea", thread: null }, { room: "den", thread: 12 }]);
  assert.deepEqual(phone.sync.places.length, 2);
  await desk.write("");
  assert.deepEqual(phone.sync.places, [{ room: "den", thread: 12 }]);
});
