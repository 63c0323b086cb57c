import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Heartbeat } from "../../static/chat/heartbeat.js";
import { Emitter } from "../../static/chat/emitter.js";
import { CommandError } from "../../static/chat/protocol.js";
import { clockNow, releaseClock, stopClock, tick } from "./clock.js";

/** A connection to a server that answers while `answers` is true. */
class Connection extends Emitter {
  online = false;
  answers = true;
  receivedAt = 0;
  asked = [];
  woken = 0;

  begin() {
    this.online = true;
    this.receivedAt = clockNow();
    this.emit("state", { name: "online" });
  }

  request({ type }, timeoutMs) {
    this.asked.push(type);
    if (this.answers) {
      this.receivedAt = clockNow();
      return Promise.resolve({ type: "reply" });
    }
    return new Promise((_, reject) => {
      setTimeout(() => {
        this.online = false;
        this.emit("state", { name: "offline" });
        reject(new CommandError({ code: "timeout" }));
      }, timeoutMs);
    });
  }

  retryNow() {
    this.woken += 1;
  }
}

let connection, heartbeat, sleptMs;

beforeEach(() => {
  stopClock();
  sleptMs = 0;
  connection = new Connection();
  heartbeat = new Heartbeat(connection, { now: clockNow, wallNow: () => clockNow() + sleptMs });
  connection.begin();
});

afterEach(releaseClock);

async function advance(ms) {
  for (let passed = 0; passed < ms; passed += 1000) {
    tick(1000);
    for (let turn = 0; turn < 5; turn++) await null;
  }
}

test("no ping is sent while frames arrive", async () => {
  for (let times = 0; times < 10; times++) {
    await advance(20_000);
    connection.receivedAt = clockNow();
  }
  assert.deepEqual(connection.asked, []);
});

test("a ping is sent after 25 s of silence, and again after the next 25 s", async () => {
  await advance(24_000);
  assert.equal(connection.asked.length, 0);
  await advance(1_000);
  assert.deepEqual(connection.asked, ["ping"]);
  await advance(25_000);
  assert.equal(connection.asked.length, 2);
});

test("a dead connection is closed within 35 s of the last frame", async () => {
  connection.answers = false;
  await advance(2_000);
  connection.receivedAt = clockNow();
  await advance(33_000);
  assert.equal(connection.online, true);
  await advance(1_000);
  assert.deepEqual([connection.online, connection.asked.length], [false, 1]);
  await advance(60_000);
  assert.equal(connection.asked.length, 1);
});

test("a check sends a ping at once with a shorter timeout, unless a frame has just arrived", async () => {
  heartbeat.check();
  assert.deepEqual(connection.asked, []);
  await advance(3_000);
  connection.answers = false;
  heartbeat.check();
  heartbeat.check();
  assert.deepEqual(connection.asked, ["ping"]);
  await advance(5_000);
  assert.equal(connection.online, false);
});

test("a check without a connection starts an attempt to connect", () => {
  connection.online = false;
  heartbeat.check();
  assert.deepEqual([connection.woken, connection.asked.length], [1, 0]);
});

test("a ping is sent at once after the computer was asleep", async () => {
  await advance(5_000);
  connection.receivedAt = clockNow();
  await advance(4_000);
  // The monotonic clock did not advance meanwhile.
  sleptMs = 3_600_000;
  await advance(1_000);
  assert.deepEqual(connection.asked, ["ping"]);
});
