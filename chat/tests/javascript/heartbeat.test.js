import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Heartbeat } from "../../static/chat/heartbeat.js";
import { Emitter } from "../../static/chat/emitter.js";
import { CommandError } from "../../static/chat/protocol.js";
import { clockNow, releaseClock, stopClock, tick } from "./clock.js";

/** A connection whose server answers while `answers` is true. */
class Connection extends Emitter {
  online = false;
  answers = true;
  heardAt = 0;
  asked = [];
  woken = 0;

  begin() {
    this.online = true;
    this.heardAt = clockNow();
    this.emit("state", { name: "online" });
  }

  request({ type }, timeoutMs) {
    this.asked.push(type);
    if (this.answers) {
      this.heardAt = clockNow();
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

  wake() {
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

async function pass(ms) {
  for (let gone = 0; gone < ms; gone += 1000) {
    tick(1000);
    for (let turn = 0; turn < 5; turn++) await null;
  }
}

test("nothing is asked while the server is heard", async () => {
  for (let times = 0; times < 10; times++) {
    await pass(20_000);
    connection.heardAt = clockNow();
  }
  assert.deepEqual(connection.asked, []);
});

test("after 25 s of silence the page asks, and again after the next", async () => {
  await pass(24_000);
  assert.equal(connection.asked.length, 0);
  await pass(1_000);
  assert.deepEqual(connection.asked, ["ping"]);
  await pass(25_000);
  assert.equal(connection.asked.length, 2);
});

test("a dead connection is given up within 35 s of the last thing heard", async () => {
  connection.answers = false;
  await pass(2_000);
  connection.heardAt = clockNow();
  await pass(33_000);
  assert.equal(connection.online, true);
  await pass(1_000);
  assert.deepEqual([connection.online, connection.asked.length], [false, 1]);
  await pass(60_000);
  assert.equal(connection.asked.length, 1);
});

test("a check asks at once, with less patience; what was heard just now is not checked", async () => {
  heartbeat.check();
  assert.deepEqual(connection.asked, []);
  await pass(3_000);
  connection.answers = false;
  heartbeat.check();
  heartbeat.check();
  assert.deepEqual(connection.asked, ["ping"]);
  await pass(5_000);
  assert.equal(connection.online, false);
});

test("a check without a connection tries for one", () => {
  connection.online = false;
  heartbeat.check();
  assert.deepEqual([connection.woken, connection.asked.length], [1, 0]);
});

test("after the computer slept the page asks at once", async () => {
  await pass(5_000);
  connection.heardAt = clockNow();
  await pass(4_000);
  // Meanwhile the clock that only grows stood.
  sleptMs = 3_600_000;
  await pass(1_000);
  assert.deepEqual(connection.asked, ["ping"]);
});
