/** What the live page of the admin computes from the counters of the workers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { paths } from "../../static/chat/admin/live/chart.js";
import { SHOWN_S, WorkerHistory, delayOf, rates } from "../../static/chat/admin/live/figures.js";

const BOUNDS = [0.001, 0.01, 0.1];

/** @param {number} messages @param {number} deliveries @param {number[]} delays */
function worker(messages, deliveries, delays = [0, 0, 0, 0]) {
  const numbers = { messages, deliveries, cpu_s: messages / 10 };
  return { id: "one", name: "north:7", state: /** @type {const} */ ("alive"), silent_s: 0, numbers, delays };
}

test("rates come from differences: the first text alone says nothing", () => {
  const history = new WorkerHistory();
  history.add(100, worker(5000, 90_000));
  assert.deepEqual(rates(100, history.since(100, SHOWN_S)), { messages: 0, deliveries: 0, cpu: 0 });
  history.add(101, worker(5003, 90_600));
  history.add(102, worker(5004, 90_800));
  const now = rates(102, history.since(102, SHOWN_S));
  assert.equal(now.messages, 4);
  assert.equal(now.deliveries, 400);
  assert.ok(Math.abs(now.cpu - 0.2) < 1e-9);
});

test("messages are those of the last minute, deliveries those of the last seconds", () => {
  const history = new WorkerHistory();
  for (let second = 0; second <= 100; second++) history.add(second, worker(second, 10 * second));
  const now = rates(100, history.since(100, SHOWN_S));
  assert.equal(now.messages, 60);
  assert.equal(now.deliveries, 10);
});

test("a counter that begins again is no negative rate", () => {
  const history = new WorkerHistory();
  history.add(1, worker(5000, 5000));
  history.add(2, worker(3, 4));
  assert.deepEqual(rates(2, history.since(2, SHOWN_S)), { messages: 0, deliveries: 0, cpu: 0 });
});

test("what is older than the chart is forgotten", () => {
  const history = new WorkerHistory();
  for (let second = 0; second < 1000; second++) history.add(second, worker(second, 0));
  assert.equal(history.since(999, Infinity).length, SHOWN_S + 1);
});

test("a worker that does not answer adds nothing", () => {
  const history = new WorkerHistory();
  history.add(1, worker(0, 0));
  history.add(2, { ...worker(0, 0), state: "gone" });
  history.add(3, worker(6, 0));
  assert.equal(rates(3, history.since(3, SHOWN_S)).messages, 6);
});

test("the delay is the bound that nineteen of twenty events did not exceed", () => {
  const history = new WorkerHistory();
  history.add(1, worker(0, 0, [100, 100, 100, 100]));
  assert.equal(delayOf(1, history.since(1, SHOWN_S), BOUNDS), null);
  history.add(2, worker(0, 0, [110, 119, 120, 120]));
  assert.equal(delayOf(2, history.since(2, SHOWN_S), BOUNDS), 0.01);
  history.add(3, worker(0, 0, [110, 119, 120, 140]));
  assert.equal(delayOf(3, history.since(3, SHOWN_S), BOUNDS), Infinity);
});

test("a chart ends at its right edge and stays inside", () => {
  assert.deepEqual(paths([]), { line: "", area: "" });
  const { line, area } = paths([0, 5, 10]);
  assert.equal(line, "M118 31L119 16.5L120 2");
  assert.ok(area.startsWith(line) && area.endsWith("Z"));
});
