import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Outbox } from "../../static/chat/outbox.js";
import { CommandError } from "../../static/chat/protocol.js";

/** localStorage, shared by tabs. */
class Storage {
  kept = new Map();
  getItem = (key) => this.kept.get(key) ?? null;
  setItem = (key, value) => void this.kept.set(key, value);
  removeItem = (key) => void this.kept.delete(key);
}

let storage, sent, answers, slept;

beforeEach(() => {
  storage = new Storage();
  sent = [];
  slept = [];
  answers = [];
});

/** The server: refuses with the next of `answers`, if there is one, else stores. */
async function send(item) {
  sent.push(item.client_id);
  const code = answers.shift();
  if (code) throw typeof code === "string" ? new CommandError({ code }) : new CommandError(code);
  return { type: "reply", room: item.room, message: { client_id: item.client_id } };
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

describe("messages", () => {
  test("wait until there is a connection, then go in order", async () => {
    const outbox = tab();
    for (const id of ["a", "b", "c"]) outbox.add(item(id));
    await settled();
    assert.deepEqual([sent, ids(outbox)], [[], ["a", "b", "c"]]);
    outbox.resume();
    await settled();
    assert.deepEqual([sent, ids(outbox)], [["a", "b", "c"], []]);
  });

  test("survive a reload", async () => {
    tab().add(item("a"));
    const reloaded = tab();
    reloaded.resume();
    await settled();
    assert.deepEqual(sent, ["a"]);
  });

  test("that were stored before their answer came are not sent again", async () => {
    const outbox = tab();
    outbox.add(item("a"));
    outbox.settle("a");
    outbox.resume();
    await settled();
    assert.deepEqual(sent, []);
  });

  test("of another person stay theirs", () => {
    tab().add(item("a"));
    assert.deepEqual(ids(tab({ owner: "u:2" })), []);
  });

  test("are kept in memory when storage refuses", async () => {
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
    test(`${code} leaves the message, and the same client_id is sent again`, async () => {
      answers = [code, code];
      const outbox = tab();
      outbox.add(item("a"));
      outbox.add(item("b"));
      outbox.resume();
      await settled();
      assert.deepEqual([sent, slept], [["a", "a", "a", "b"], [1000, 2000]]);
    });
  }

  test("slow_down waits as long as the server said, and other rooms go on", async () => {
    answers = [{ code: "slow_down", retry_after: 5 }];
    const outbox = tab();
    outbox.add(item("a"));
    outbox.add(item("b"));
    outbox.add(item("c", "garden"));
    outbox.resume();
    await settled();
    assert.deepEqual([sent, slept], [["a", "c", "a", "b"], [5000]]);
  });

  test("of another kind fails the message with its reason, and the next goes on", async () => {
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

  test("signed_out keeps everything for the next session", async () => {
    answers = ["signed_out"];
    const outbox = tab();
    outbox.add(item("a"));
    outbox.resume();
    await settled();
    assert.deepEqual([sent, outbox.items()[0].state], [["a"], "waiting"]);
  });
});

test("a connection that breaks while a message is on its way: it goes first on the next", async () => {
  let outbox;
  const breaking = async (one) => {
    sent.push(one.client_id);
    if (sent.length > 1) return { type: "reply" };
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

test("a new connection does not wait for the pause of the old one", async () => {
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

test("what another tab put in is sent when that tab does not", async () => {
  const [one, two] = [tab(), tab()];
  two.resume();
  one.add(item("a"));
  two.refresh();
  await settled();
  assert.deepEqual([sent, slept], [["a"], [2000]]);
});

test("two tabs with a lock between them send each message once", async () => {
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

test("a clock that is set back by hours does not hold a message", async (t) => {
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

test("a draft that two tabs send is in the outbox once", async () => {
  const [one, two] = [tab(), tab()];
  one.add(item("a"));
  two.add(item("a"));
  assert.deepEqual(ids(one), ["a"]);
  one.resume();
  await settled();
  assert.deepEqual(sent, ["a"]);
});
