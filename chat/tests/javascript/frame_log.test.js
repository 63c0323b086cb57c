/** The frames that the page `/wire/` knows: messages that it sees itself, and reports of the server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameLog, KEPT, withoutSecrets } from "../../static/chat/wire/frame_log.js";

const control = { message: null, payload: "", length: 0, round_trip_ms: null };
/** @returns {import("../../static/chat/wire.d.ts").Frames} */
const report = (...frames) => ({ type: "frames", frames, skipped: 0, sent: null, received: null });

function newLog() {
  const log = new FrameLog();
  log.begin();
  return log;
}

test("a report gives a message its head and its length", () => {
  const log = newLog();
  log.addMessage(true, "hello", 100);
  log.addMessage(false, "hi", 101);
  assert.equal(log.rows[0].head, null);
  log.apply(
    report(
      { from_server: true, at: 0, head: "8105", length: 5, message: 1, payload: null, round_trip_ms: null },
      { from_server: false, at: 1, head: "818201020304", length: 2, message: 1, payload: null, round_trip_ms: null },
    ),
    100,
  );
  assert.deepEqual(
    log.rows.map(({ text, head, length, fromServer }) => [text, head, length, fromServer]),
    [["hello", "8105", 5, true], ["hi", "818201020304", 2, false]],
  );
});

test("pings and pongs of a report are listed at their time", () => {
  const log = newLog();
  log.addMessage(true, "first", 100);
  log.addMessage(true, "last", 500);
  log.apply(report({ ...control, from_server: true, at: 200, head: "8900" }, { ...control, from_server: false, at: 203, head: "8a80", round_trip_ms: 3 }), 100);
  assert.deepEqual(log.rows.map(({ opcode }) => opcode), [1, 9, 10, 1]);
  assert.deepEqual(log.rows.map(({ at }) => at), [100, 300, 303, 500]);
  assert.equal(log.rows[2].roundTripMs, 3);
});

test("a later fragment of a message is a frame of its own, without a text", () => {
  const log = newLog();
  log.addMessage(true, "one message", 0);
  const part = { from_server: true, at: 0, message: 1, payload: null, round_trip_ms: null };
  log.apply(report({ ...part, head: "0103", length: 3 }, { ...part, head: "8008", length: 8 }), 0);
  assert.deepEqual(log.rows.map(({ text, head }) => [text, head]), [["one message", "0103"], [null, "8008"]]);
});

test("numbers begin again with each connection", () => {
  const log = newLog();
  log.addMessage(true, "of the first", 0);
  log.begin();
  log.addMessage(true, "of the second", 10);
  log.apply(report({ from_server: true, at: 0, head: "810d", length: 13, message: 1, payload: null, round_trip_ms: null }), 10);
  assert.deepEqual(log.rows.map(({ head, connection }) => [head, connection]), [[null, 1], ["810d", 2]]);
});

test("of 10,000 frames the last 500 are kept", () => {
  const log = newLog();
  for (let number = 1; number <= 10_000; number += 1) log.addMessage(true, String(number), number);
  assert.equal(log.rows.length, KEPT);
  assert.deepEqual([log.rows[0].text, log.rows.at(-1).text], ["9501", "10000"]);
});

test("skipped frames are counted", () => {
  const log = newLog();
  log.apply({ ...report(), skipped: 7 }, 0);
  log.apply({ ...report(), skipped: 5 }, 0);
  assert.equal(log.skipped, 12);
});

test("a close frame that was reported is not derived a second time", () => {
  const log = newLog();
  log.apply(report({ ...control, from_server: true, at: 5, head: "8802", length: 2, payload: "03f4" }), 0);
  log.addClose(true, "03f4", 6);
  log.addClose(false, "03f4", 6);
  assert.deepEqual(log.rows.map(({ fromServer, isDerived }) => [fromServer, isDerived]), [[true, false], [false, true]]);
});

test("secrets in messages become asterisks of the same length, and other text stays", () => {
  const text = '{"type":"welcome","resume":"WyI5OTk5Il0:1vO3kT:0Qe8J2yq","you":{"name":"resume"}}';
  const shown = withoutSecrets(text);
  assert.equal(shown.length, text.length);
  assert.ok(!shown.includes("WyI5"));
  assert.equal(JSON.parse(shown).resume, "*".repeat(27));
  assert.equal(JSON.parse(shown).you.name, "resume");
  const said = JSON.stringify({ body: 'my "token":"abc" is no token' });
  assert.equal(withoutSecrets(said), said);
  assert.equal(withoutSecrets('{"resume":null}'), '{"resume":null}');
});
