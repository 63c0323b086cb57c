import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";

import { delay } from "../../static/chat/backoff.js";
import { Connection } from "../../static/chat/socket.js";
import { welcome } from "./cast.js";
import { clockNow, releaseClock, stopClock, tick } from "./clock.js";

/** A socket without a network: the test is the server. */
class Socket {
  static all = [];
  sent = [];

  constructor(url, subprotocol) {
    Object.assign(this, { url, subprotocol });
    Socket.all.push(this);
  }

  static get last() {
    return Socket.all.at(-1);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.closed = true;
  }

  say(frame) {
    this.onmessage({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
  }

  drop(code = 1006) {
    this.onclose({ code });
  }
}

let connection, states;

beforeEach(() => {
  stopClock();
  Socket.all = [];
  connection = new Connection("ws://site/chat", { WebSocket: Socket, random: () => 0, now: () => 1000 });
  states = [];
  connection.on("state", ({ name }) => states.push(name));
  connection.start();
});

afterEach(releaseClock);

function online() {
  Socket.last.say(welcome());
  return Socket.last;
}

async function settled() {
  for (let turn = 0; turn < 20; turn++) await null;
}

describe("the state", () => {
  test("is online with the welcome, not with the handshake", () => {
    assert.equal(connection.online, false);
    online();
    assert.deepEqual(states, ["connecting", "online"]);
    assert.equal(Socket.last.subprotocol, "chat");
  });

  test("who waits for it goes on when it is online, and at once when it is", async () => {
    const heard = [];
    connection.whenOnline().then(() => heard.push("online"));
    await settled();
    assert.deepEqual(heard, []);
    online();
    await settled();
    assert.deepEqual(heard, ["online"]);
    await connection.whenOnline();
  });

  test("who waits for it is told that this try failed, or that none is under way", async () => {
    const waiting = assert.rejects(connection.whenOnline(), { code: "lost" });
    Socket.last.drop();
    await waiting;
    await assert.rejects(connection.whenOnline(), { code: "lost" });
  });

  test("a welcome is told before commands may go, so that the store stands first", () => {
    let first;
    connection.on("frame", () => (first = connection.online));
    online();
    assert.equal(first, false);
  });

  test("frames that are not of the protocol are let go", () => {
    online();
    for (const frame of ["no json", "[]", "null", '{"a": 1}']) Socket.last.say(frame);
    assert.equal(connection.online, true);
  });
});

describe("a lost connection", () => {
  test("comes back after growing delays", () => {
    for (const waitMs of [250, 500, 1000]) {
      Socket.last.drop();
      assert.equal(connection.state.retryAt, 1000 + waitMs);
      const before = Socket.all.length;
      tick(waitMs - 1);
      assert.equal(Socket.all.length, before);
      tick(1);
      assert.equal(Socket.all.length, before + 1);
    }
    online().drop();
    assert.equal(connection.state.retryAt, 1250);
  });

  test("comes back at once when the browser wakes", () => {
    online().drop();
    connection.wake();
    assert.equal(Socket.all.length, 2);
    connection.wake();
    assert.equal(Socket.all.length, 2);
  });

  test("after `bye` comes back when the server said", () => {
    online().say({ type: "bye", reason: "restart", retry_after: 7 });
    Socket.last.drop(1012);
    assert.equal(connection.state.retryAt, 8000);
  });

  test("after flooding waits longer", () => {
    online().drop(1008);
    assert.equal(connection.state.retryAt, 1000 + 4000);
  });

  test("without a welcome within ten seconds is given up", () => {
    tick(10_000);
    assert.equal(connection.state.name, "offline");
    assert.equal(Socket.all[0].closed, true);
  });

  test("a socket that was given up is not listened to", () => {
    const dead = online();
    connection.request({ type: "read" }).catch(() => {});
    tick(10_000);
    connection.wake();
    dead.say(welcome());
    dead.drop();
    assert.equal(connection.state.name, "connecting");
  });
});

describe("a probe before each try but the first", () => {
  let answers, probes;

  beforeEach(() => {
    answers = [];
    probes = 0;
    const probe = async () => {
      probes += 1;
      return answers.shift() ?? "answers";
    };
    connection.stop();
    Socket.all = [];
    connection = new Connection("ws://site/chat", { WebSocket: Socket, random: () => 0, now: clockNow, probe });
    connection.start();
  });

  test("begins no socket while the server is away, and one at once when it is back", async () => {
    answers = ["refused", "refused"];
    online().drop();
    for (const waitMs of [250, 500]) {
      tick(waitMs);
      await settled();
      assert.deepEqual([Socket.all.length, connection.state.name], [1, "offline"]);
    }
    tick(1000);
    await settled();
    assert.deepEqual([Socket.all.length, probes], [2, 3]);
    online();
    assert.equal(connection.online, true);
  });

  test("that gets no answer does not keep the socket from being tried: only the probe's own path may be dead", async () => {
    answers = ["silent"];
    online().drop();
    tick(250);
    await settled();
    assert.equal(Socket.all.length, 2);
  });

  test("is made at once by `wake`, and then no longer waited for", async () => {
    online().drop();
    connection.wake();
    connection.wake();
    await settled();
    assert.deepEqual([Socket.all.length, probes], [2, 1]);
    tick(250);
    await settled();
    assert.deepEqual([Socket.all.length, probes], [2, 1]);
  });

  test("of an earlier try opens nothing after `stop`", async () => {
    online().drop();
    tick(250);
    connection.stop();
    await settled();
    assert.deepEqual([Socket.all.length, connection.state.name], [1, "offline"]);
  });

  test("gives a socket that the browser holds back a minute to open, while the server answers", async () => {
    for (let seconds = 0; seconds < 60; seconds += 10) {
      tick(10_000);
      await settled();
      assert.equal(Socket.last.closed, undefined);
    }
    Socket.last.onopen();
    tick(9_999);
    online();
    tick(60_000);
    await settled();
    assert.deepEqual([connection.online, Socket.all.length], [true, 1]);
  });

  test("gives up a socket that does not open when the server does not answer either", async () => {
    answers = ["silent"];
    tick(10_000);
    await settled();
    assert.deepEqual([Socket.last.closed, connection.state.name], [true, "offline"]);
  });

  test("gives up a socket that opens and is not greeted", async () => {
    Socket.last.onopen();
    tick(10_000);
    await settled();
    assert.deepEqual([Socket.last.closed, connection.state.name, probes], [true, "offline", 0]);
  });
});

test("`wake` begins a try anew that has lasted for seconds", () => {
  tick(3_000);
  let now = 1000;
  connection.now = () => now;
  connection.wake();
  assert.equal(Socket.all.length, 1);
  now += 3_000;
  connection.wake();
  assert.deepEqual([Socket.all.length, Socket.all[0].closed], [2, true]);
});

describe("a try that `wake` makes", () => {
  /** Lose the connection, and let three tries fail: the next one is due after 2 s. */
  function loseAtSecond(second) {
    let now = second * 1000;
    connection.now = () => now;
    online().drop();
    for (const waitMs of [250, 500, 1000]) {
      now += waitMs;
      tick(waitMs);
      Socket.last.drop();
    }
    assert.equal(connection.state.retryAt, now + 2000);
    return (ms) => (now += ms);
  }

  test("and that fails leaves the next one where it was, however often one asks", () => {
    const pass = loseAtSecond(10);
    const due = connection.state.retryAt;
    for (let press = 0; press < 5; press++) {
      pass(100);
      connection.wake();
      assert.equal(connection.state.name, "connecting");
      Socket.last.drop();
      assert.equal(connection.state.retryAt, due);
    }
    const before = Socket.all.length;
    tick(1500);
    assert.equal(Socket.all.length, before + 1);
    pass(1500);
    Socket.last.drop();
    assert.equal(connection.state.retryAt, due + 4000);
  });

  test("and that fails after the next one was due takes its place", () => {
    const pass = loseAtSecond(10);
    connection.wake();
    pass(9_000);
    Socket.last.drop();
    assert.equal(connection.state.retryAt, connection.now() + 4000);
  });

  test("and that succeeds begins the delays anew", () => {
    loseAtSecond(10);
    connection.wake();
    online().drop();
    assert.equal(connection.state.retryAt, connection.now() + 250);
  });
});

describe("a command", () => {
  test("is paired with its answer", async () => {
    const socket = online();
    const first = connection.request({ type: "read" });
    const second = connection.request({ type: "typing" });
    const [a, b] = socket.sent.map(({ ref }) => ref);
    socket.say({ type: "reply", ref: b, of: "typing" });
    socket.say({ type: "error", ref: a, code: "not_found", detail: "No." });
    assert.equal((await second).of, "typing");
    await assert.rejects(first, { code: "not_found", detail: "No." });
  });

  test("fails with `lost` when the connection does, and without one", async () => {
    const socket = online();
    const asked = connection.request({ type: "read" });
    socket.drop();
    await assert.rejects(asked, { code: "lost" });
    await assert.rejects(connection.request({ type: "read" }), { code: "lost" });
  });

  test("fails with `timeout` after ten seconds, and the dead socket is given up", async () => {
    online();
    const asked = connection.request({ type: "read" });
    const later = connection.request({ type: "read" }, 60_000);
    tick(10_000);
    await assert.rejects(asked, { code: "timeout" });
    await assert.rejects(later, { code: "lost" });
    assert.equal(connection.state.name, "offline");
  });
});

test("the end of a session is told, by close code and by error", () => {
  let told = 0;
  connection.on("signed-out", () => told++);
  online().say({ type: "error", code: "signed_out", detail: "" });
  Socket.last.drop(4001);
  assert.equal(told, 2);
});

test("delays lie between half and all of 0.5, 1, 2 … 20 seconds", () => {
  const most = [0, 1, 2, 3, 4, 5, 6, 7, 100].map((attempt) => delay(attempt, () => 1));
  assert.deepEqual(most, [0.5, 1, 2, 4, 8, 16, 20, 20, 20]);
  assert.equal(delay(2, () => 0), 1);
});
