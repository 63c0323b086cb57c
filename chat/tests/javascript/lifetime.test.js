// What a view starts ends with its AbortSignal: subscriptions, timers, requests to draw.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Emitter } from "../../static/chat/emitter.js";
import { nextFrame } from "../../static/chat/next_frame.js";
import { Timer, wait } from "../../static/chat/timer.js";
import { releaseClock, stopClock, tick } from "./clock.js";

const FRAME_MS = 16;
const { requestAnimationFrame, cancelAnimationFrame } = globalThis;

beforeEach(() => {
  stopClock();
  globalThis.requestAnimationFrame = (run) => setTimeout(run, FRAME_MS);
  globalThis.cancelAnimationFrame = (id) => clearTimeout(id);
});

afterEach(() => {
  releaseClock();
  Object.assign(globalThis, { requestAnimationFrame, cancelAnimationFrame });
});

test("a listener gets events until its signal is aborted", () => {
  const [emitter, controller, seen] = [new Emitter(), new AbortController(), []];
  emitter.on("news", (detail) => seen.push(detail), { signal: controller.signal });
  emitter.emit("news", 1);
  assert.equal(emitter.listenerCount, 1);
  controller.abort();
  emitter.emit("news", 2);
  assert.deepEqual(seen, [1]);
  assert.equal(emitter.listenerCount, 0);
});

test("a listener with an aborted signal is not added", () => {
  const emitter = new Emitter();
  emitter.on("news", () => assert.fail(), { signal: AbortSignal.abort() });
  emitter.emit("news");
  assert.equal(emitter.listenerCount, 0);
});

test("a listener that is removed leaves the others", () => {
  const [emitter, seen] = [new Emitter(), []];
  const remove = emitter.on("news", () => seen.push("first"));
  emitter.on("news", () => seen.push("second"));
  remove();
  emitter.emit("news");
  assert.deepEqual(seen, ["second"]);
});

test("a timer runs once, at the time of its last start", () => {
  let runs = 0;
  const timer = new Timer(() => (runs += 1));
  timer.start(100);
  tick(60);
  timer.start(100);
  tick(60);
  assert.deepEqual([runs, timer.isRunning], [0, true]);
  tick(1_000);
  assert.deepEqual([runs, timer.isRunning], [1, false]);
});

test("a timer that is stopped or aborted does not run, and an aborted one cannot be started", () => {
  const controller = new AbortController();
  const timer = new Timer(() => assert.fail(), controller.signal);
  timer.start(10);
  timer.stop();
  tick(20);
  timer.start(10);
  controller.abort();
  tick(20);
  timer.start(10);
  tick(20);
  assert.equal(timer.isRunning, false);
});

test("a wait ends with its time, or at once with its signal", async () => {
  const controller = new AbortController();
  const [timed, aborted] = [wait(100), wait(100_000, controller.signal)];
  tick(100);
  await timed;
  controller.abort();
  await aborted;
  await wait(100_000, controller.signal);
});

test("a drawing that was asked for is not done after its signal is aborted", () => {
  let draws = 0;
  const controller = new AbortController();
  const drawing = nextFrame(() => (draws += 1), controller.signal);
  drawing.ask();
  drawing.ask();
  tick(FRAME_MS);
  assert.equal(draws, 1);
  drawing.ask();
  controller.abort();
  drawing.now();
  drawing.ask();
  tick(10 * FRAME_MS);
  assert.equal(draws, 1);
});
