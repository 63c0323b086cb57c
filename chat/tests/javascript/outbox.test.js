import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Outbox } from "../../static/chat/outbox.js";
import { CommandError } from "../../static/chat/protocol.js";
import { message } from "./cast.js";

/**
 * @import { Item } from "../../static/chat/outbox_items.js"
 * @import { MessageReply } from "../../static/chat/wire.d.ts"
 */

/** The localStorage that all tabs share. */
class Storage {
  values = new Map();
  getItem = (key) => this.values.get(key) ?? null;
  setItem = (key, value) => void this.values.set(key, value);
  removeItem = (key) => void this.values.delete(key);
}

let storage, sent, answers, slept;

beforeEach(() => {
  storage = new Storage();
  sent = [];
  slept = [];
  answers = [];
});

/** The server: refuses with the next of `answers`, or stores when there is none. */
async function send(item) {
  sent.push(item.client_id);
  const code = answers.shift();
  if (code) throw typeof code === "string" ? new CommandError({ code }) : new CommandError(code);
  return replyTo(item);
}

/** @param {Item} item @returns {MessageReply} */
function replyTo({ client_id, room }) {
  return { type: "reply", ref: null, room, message: message(1, { client_id }) };
}

function tab(parts = {}) {
  let now = 0;
  const sleep = async (ms) => {
    slept.push(ms);
    now += ms;
  };
  return new Outbox({ storage, owner: "u:1", send, sleep, now: () => now, ...parts });
}

function item(id, room = "lobby") {
  return { client_id: id, room, body: id, reply_to: null, at: "2026-01-01T10:00:00Z" };
}

async function settled() {
  for (let turn = 0; turn < 50; turn++) await null;
}

const ids = (outbox) => outbox.items().map(({ client_id }) => client_id);

describe("a message", () => {
  test("waits for a connection, and is sent in the order of writing", async () => {
    const outbox = tab();
    for (const id of ["a", "b", "c"]) outbox.add(item(id));
    await settled();
    assert.deepEqual([sent, ids(outbox)], [[], ["a", "b", "c"]]);
    outbox.resume();
    await settled();
    assert.deepEqual([sent, ids(outbox)], [["a", "b", "c"], []]);
  });

  test("survives a reload", async () => {
    tab().add(item("a"));
    const reloaded = tab();
    reloaded.resume();
    await settled();
    assert.deepEqual(sent, ["a"]);
  });

  test("that the server has stored is not sent again", async () => {
    const outbox = tab();
    outbox.add(item("a"));
    outbox.confirm("a");
    outbox.resume();
    await settled();
    assert.deepEqual(sent, []);
  });

  test("of one person is not in the outbox of another", () => {
    tab().add(item("a"));
    assert.deepEqual(ids(tab({ owner: "u:2" })), []);
  });

  test("is kept in memory when the storage refuses it", async () => {
    storage.setItem = () => {
      throw new Error("quota");
    };
    const outbox = tab();
    outbox.add(item("a"));
    assert.deepEqual(ids(outbox), ["a"]);
    outbox.resume();
    await settled();
    assert.deepEqual([sent, ids(outbox)], [["a"], []]);
  });
});

describe("a refusal", () => {
  for (const code of ["lost", "timeout", "unavailable"]) {
    test(`with ${code} means that the message is sent again, with the same client_id`, async () => {
      answers = [code, code];
      const outbox = tab();
      outbox.add(item("a"));
      outbox.add(item("b"));
      outbox.resume();
      await settled();
      assert.deepEqual([sent, slept], [["a", "a", "a", "b"], [1000, 2000]]);
    });
  }

  test("with slow_down delays a room for as long as the server asked, and no other room", async () => {
    answers = [{ code: "slow_down", retry_after: 5 }];
    const outbox = tab();
    outbox.add(item("a"));
    outbox.add(item("b"));
    outbox.add(item("c", "garden"));
    outbox.resume();
    await settled();
    assert.deepEqual([sent, slept], [["a", "c", "a", "b"], [5000]]);
  });

  test("with another code marks the message as failed with its reason, and the next is sent", async () => {
    answers = [{ code: "archived", detail: "This room is archived." }];
    const outbox = tab();
    outbox.add(item("a"));
    outbox.add(item("b"));
    outbox.resume();
    await settled();
    assert.deepEqual(sent, ["a", "b"]);
    const [failed] = outbox.items();
    assert.deepEqual([failed.state, failed.reason], ["failed", "This room is archived."]);
    outbox.retry("a");
    await settled();
    assert.deepEqual([sent, ids(outbox)], [["a", "b", "a"], []]);
  });

  test("with signed_out keeps all messages for the next session", async () => {
    answers = ["signed_out"];
    const outbox = tab();
    outbox.add(item("a"));
    outbox.resume();
    await settled();
    assert.deepEqual([sent, outbox.items()[0].state], [["a"], "waiting"]);
  });
});

describe("a message whose files are being uploaded", () => {
  let ready;
  const waiting = () => {
    ready = new Set(["b"]);
    const outbox = tab({ isReady: ({ client_id: id }) => ready.has(id) });
    outbox.resume();
    for (const id of ["a", "b"]) outbox.add(item(id));
    return outbox;
  };

  test("is sent when it is ready, and holds up no later one", async () => {
    const outbox = waiting();
    await settled();
    assert.deepEqual([sent, ids(outbox), slept], [["b"], ["a"], []]);
    ready.add("a");
    outbox.check();
    await settled();
    assert.deepEqual([sent, ids(outbox)], [["b", "a"], []]);
  });

  test("fails when an upload fails, and is sent after another try", async () => {
    const outbox = waiting();
    outbox.fail("a", "photo.jpg: too large");
    assert.deepEqual([outbox.items()[0].state, outbox.items()[0].reason], ["failed", "photo.jpg: too large"]);
    ready.add("a");
    outbox.retry("a");
    await settled();
    assert.deepEqual(ids(outbox), []);
  });
});

test("who listens hears whether a message that left the outbox is stored", async () => {
  const outbox = tab();
  const removed = [];
  outbox.on("removed", ({ item: { client_id: id }, isStored }) => removed.push([id, isStored]));
  for (const id of ["a", "b"]) outbox.add(item(id));
  outbox.discard("b");
  outbox.discard("b");
  outbox.resume();
  await settled();
  assert.deepEqual(removed, [["b", false], ["a", true]]);
});

test("a message whose connection broke is sent first on the next connection", async () => {
  let outbox;
  const breaking = async (one) => {
    sent.push(one.client_id);
    if (sent.length > 1) return replyTo(one);
    outbox.pause();
    throw new CommandError({ code: "lost" });
  };
  outbox = tab({ send: breaking });
  outbox.add(item("a"));
  outbox.add(item("b"));
  outbox.resume();
  await settled();
  assert.deepEqual(sent, ["a"]);
  outbox.resume();
  await settled();
  assert.deepEqual(sent, ["a", "a", "b"]);
});

test("a new connection ends the pause before the next try", async () => {
  answers = ["unavailable"];
  const outbox = tab({ sleep: () => new Promise(() => {}) });
  outbox.add(item("a"));
  outbox.resume();
  await settled();
  outbox.pause();
  outbox.resume();
  await settled();
  assert.deepEqual(sent, ["a", "a"]);
});

test("a message that another tab added is sent when that tab does not send it", async () => {
  const [one, two] = [tab(), tab()];
  two.resume();
  one.add(item("a"));
  two.refresh();
  await settled();
  assert.deepEqual([sent, slept], [["a"], [2000]]);
});

test("two tabs with a lock send each message once", async () => {
  let last = Promise.resolve();
  const lock = (work) => (last = last.then(work));
  const [one, two] = [tab({ lock }), tab({ lock })];
  one.resume();
  two.resume();
  for (const id of ["a", "b", "c"]) one.add(item(id));
  two.refresh();
  await settled();
  assert.deepEqual([sent, ids(one)], [["a", "b", "c"], []]);
});

test("a wall clock that is set back does not delay a message", async (t) => {
  answers = [{ code: "slow_down", retry_after: 0.05 }];
  const outbox = new Outbox({ storage, owner: "u:1", send });
  outbox.add(item("a"));
  outbox.resume();
  await settled();
  assert.deepEqual(sent, ["a"]);
  const before = Date.now() - 5 * 3_600_000;
  t.mock.method(Date, "now", () => before);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.deepEqual([sent, ids(outbox)], [["a", "a"], []]);
});

test("a draft that two tabs send is added once", async () => {
  const [one, two] = [tab(), tab()];
  one.add(item("a"));
  two.add(item("a"));
  assert.deepEqual(ids(one), ["a"]);
  one.resume();
  await settled();
  assert.deepEqual(sent, ["a"]);
});

test("a stored message is not marked as failed when a listener throws an error", async () => {
  const errors = [];
  const lock = (work) => work().catch((error) => errors.push(error) && null);
  const outbox = tab({ lock });
  outbox.on("stored", () => {
    throw new TypeError("a part of the page could not be drawn");
  });
  outbox.add(item("a"));
  outbox.resume();
  await settled();
  assert.deepEqual([sent, outbox.items()[0].state, errors.length], [["a"], "waiting", 1]);
});

test("the messages of a thread are not among those of its room", () => {
  const outbox = tab();
  outbox.add(item("a"));
  outbox.add({ ...item("b"), thread: 7 });
  const listed = (...place) => outbox.items(...place).map(({ client_id }) => client_id);
  assert.deepEqual([listed("lobby"), listed("lobby", 7), listed("lobby", 8), listed()], [["a"], ["b"], [], ["a", "b"]]);
});

test("a message that is held waits, and is asked about again", async () => {
  let posts = 0;
  const send = () => {
    posts += 1;
    return Promise.reject(new CommandError({ code: posts === 1 ? "held" : "filtered", detail: "No" }));
  };
  const outbox = new Outbox({ storage, owner: "u:1", send });
  outbox.resume();
  outbox.add({ client_id: "1", room: "tea", body: "tea", reply_to: null, at: "2026-01-01T10:00:00Z" });
  const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
  await settled();
  assert.deepEqual([posts, outbox.items("tea")[0]?.state], [1, "held"]);
  outbox.retry("1");
  await settled();
  assert.deepEqual([posts, outbox.items("tea")[0]?.state, outbox.items("tea")[0]?.reason], [2, "failed", "No"]);
});
