import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";

import { delay } from "../../static/chat/backoff.js";
import { Connection } from "../../static/chat/socket.js";
import { welcome } from "./cast.js";
import { clockNow, releaseClock, stopClock, tick } from "./clock.js";

/** A socket without a network: the test plays the server. */
class Socket {
  /** @type {Socket[]} */
  static all = [];
  sent = [];
  isClosed = false;
  /** @type {(event: object) => void} */
  onopen;
  /** @type {(event: {data: string}) => void} */
  onmessage;
  /** @type {(event: {code: number}) => void} */
  onclose;

  /** @param {string} url @param {string} subprotocol */
  constructor(url, subprotocol) {
    this.url = url;
    this.subprotocol = subprotocol;
    Socket.all.push(this);
  }

  static get last() {
    return Socket.all.at(-1);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.isClosed = true;
  }

  receive(frame) {
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
  Socket.last.receive(welcome());
  return Socket.last;
}

async function settled() {
  for (let turn = 0; turn < 20; turn++) await null;
}

describe("the state", () => {
  test("is online after the welcome, not after the handshake", () => {
    assert.equal(connection.online, false);
    online();
    assert.deepEqual(states, ["connecting", "online"]);
    assert.equal(Socket.last.subprotocol, "chat");
  });

  test("can be waited for: until it is online, or not at all when it is", async () => {
    const resolved = [];
    connection.whenOnline().then(() => resolved.push("online"));
    await settled();
    assert.deepEqual(resolved, []);
    online();
    await settled();
    assert.deepEqual(resolved, ["online"]);
    await connection.whenOnline();
  });

  test("rejects those who wait when the attempt fails, or when none is under way", async () => {
    const waiting = assert.rejects(connection.whenOnline(), { code: "lost" });
    Socket.last.drop();
    await waiting;
    await assert.rejects(connection.whenOnline(), { code: "lost" });
  });

  test("is not yet online while the welcome is emitted, so that the store applies it before commands are sent", () => {
    let first;
    connection.on("frame", () => (first = connection.online));
    online();
    assert.equal(first, false);
  });

  test("stays online when a frame is not of the protocol", () => {
    online();
    for (const frame of ["no json", "[]", "null", '{"a": 1}']) Socket.last.receive(frame);
    assert.equal(connection.online, true);
  });
});

describe("a lost connection", () => {
  test("is restored after growing delays", () => {
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

  test("is restored at once by `retryNow`", () => {
    online().drop();
    connection.retryNow();
    assert.equal(Socket.all.length, 2);
    connection.retryNow();
    assert.equal(Socket.all.length, 2);
  });

  test("is restored after `bye` when the server said", () => {
    online().receive({ type: "bye", reason: "restart", retry_after: 7 });
    Socket.last.drop(1012);
    assert.equal(connection.state.retryAt, 8000);
  });

  test("is restored later when the server closed it because of too many commands", () => {
    online().drop(1008);
    assert.equal(connection.state.retryAt, 1000 + 4000);
  });

  test("is assumed when no welcome came within ten seconds", () => {
    tick(10_000);
    assert.equal(connection.state.name, "offline");
    assert.equal(Socket.all[0].isClosed, true);
  });

  test("means that later events of its socket are ignored", () => {
    const dead = online();
    connection.request({ type: "read" }).catch(() => {});
    tick(10_000);
    connection.retryNow();
    dead.receive(welcome());
    dead.drop();
    assert.equal(connection.state.name, "connecting");
  });
});

describe("the probe before each attempt but the first", () => {
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

  test("creates no WebSocket while the server refuses, and one when it answers", async () => {
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

  test("does not prevent a WebSocket when it gets no answer: perhaps only its own connection is dead", async () => {
    answers = ["silent"];
    online().drop();
    tick(250);
    await settled();
    assert.equal(Socket.all.length, 2);
  });

  test("is sent at once by `retryNow`, once, and the delayed one is dropped", async () => {
    online().drop();
    connection.retryNow();
    connection.retryNow();
    await settled();
    assert.deepEqual([Socket.all.length, probes], [2, 1]);
    tick(250);
    await settled();
    assert.deepEqual([Socket.all.length, probes], [2, 1]);
  });

  test("creates no WebSocket when `stop` was called meanwhile", async () => {
    online().drop();
    tick(250);
    connection.stop();
    await settled();
    assert.deepEqual([Socket.all.length, connection.state.name], [1, "offline"]);
  });

  test("allows a socket a minute to open while the server answers, because the browser may delay it", async () => {
    for (let seconds = 0; seconds < 60; seconds += 10) {
      tick(10_000);
      await settled();
      assert.equal(Socket.last.isClosed, false);
    }
    Socket.last.onopen({});
    tick(9_999);
    online();
    tick(60_000);
    await settled();
    assert.deepEqual([connection.online, Socket.all.length], [true, 1]);
  });

  test("ends the attempt when the socket does not open and the server does not answer", async () => {
    answers = ["silent"];
    tick(10_000);
    await settled();
    assert.deepEqual([Socket.last.isClosed, connection.state.name], [true, "offline"]);
  });

  test("is not sent for a socket that opened and got no welcome: the attempt ends", async () => {
    Socket.last.onopen({});
    tick(10_000);
    await settled();
    assert.deepEqual([Socket.last.isClosed, connection.state.name, probes], [true, "offline", 0]);
  });
});

test("`retryNow` restarts an attempt that has lasted for three seconds", () => {
  tick(3_000);
  let now = 1000;
  connection.now = () => now;
  connection.retryNow();
  assert.equal(Socket.all.length, 1);
  now += 3_000;
  connection.retryNow();
  assert.deepEqual([Socket.all.length, Socket.all[0].isClosed], [2, true]);
});

describe("an attempt that `retryNow` starts", () => {
  /** Lose the connection, and let three attempts fail: the next one is due after 2 s. @returns a way to advance time */
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

  test("and that fails leaves the next one where it was, however often `retryNow` is called", () => {
    const advance = loseAtSecond(10);
    const due = connection.state.retryAt;
    for (let press = 0; press < 5; press++) {
      advance(100);
      connection.retryNow();
      assert.equal(connection.state.name, "connecting");
      Socket.last.drop();
      assert.equal(connection.state.retryAt, due);
    }
    const before = Socket.all.length;
    tick(1500);
    assert.equal(Socket.all.length, before + 1);
    advance(1500);
    Socket.last.drop();
    assert.equal(connection.state.retryAt, due + 4000);
  });

  test("and that fails after the next one was due replaces it", () => {
    const advance = loseAtSecond(10);
    connection.retryNow();
    advance(9_000);
    Socket.last.drop();
    assert.equal(connection.state.retryAt, connection.now() + 4000);
  });

  test("and that succeeds resets the delays", () => {
    loseAtSecond(10);
    connection.retryNow();
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
    socket.receive({ type: "reply", ref: b, of: "typing" });
    socket.receive({ type: "error", ref: a, code: "not_found", detail: "No." });
    assert.equal((await second).of, "typing");
    await assert.rejects(first, { code: "not_found", detail: "No." });
  });

  test("fails with `lost` when the connection is lost, and without a connection", async () => {
    const socket = online();
    const asked = connection.request({ type: "read" });
    socket.drop();
    await assert.rejects(asked, { code: "lost" });
    await assert.rejects(connection.request({ type: "read" }), { code: "lost" });
  });

  test("fails with `timeout` after ten seconds, and the dead socket is closed", async () => {
    online();
    const asked = connection.request({ type: "read" });
    const later = connection.request({ type: "read" }, 60_000);
    tick(10_000);
    await assert.rejects(asked, { code: "timeout" });
    await assert.rejects(later, { code: "lost" });
    assert.equal(connection.state.name, "offline");
  });
});

test("the end of a session is emitted, for the close code and for the error", () => {
  let emitted = 0;
  connection.on("signed-out", () => emitted++);
  online().receive({ type: "error", code: "signed_out", detail: "" });
  Socket.last.drop(4001);
  assert.equal(emitted, 2);
});

test("delays are between half and all of 0.5, 1, 2 … 20 seconds", () => {
  const most = [0, 1, 2, 3, 4, 5, 6, 7, 100].map((attempt) => delay(attempt, () => 1));
  assert.deepEqual(most, [0.5, 1, 2, 4, 8, 16, 20, 20, 20]);
  assert.equal(delay(2, () => 0), 1);
});
