import assert from "node:assert/strict";
import { test } from "node:test";

import { reminderTimes } from "../../static/chat/reminder_times.js";

const local = (year, month, day, hour = 0, minute = 0) => new Date(year, month, day, hour, minute);
const times = (now) => Object.fromEntries(reminderTimes(now).map(({ when, at }) => [when, at.getTime()]));

test("on a Thursday one can choose minutes, an hour, tomorrow and Monday, both at nine", () => {
  const now = local(2026, 10, 26, 18, 7);
  assert.deepEqual(times(now), {
    minutes: local(2026, 10, 26, 18, 27).getTime(),
    hour: local(2026, 10, 26, 19, 7).getTime(),
    tomorrow: local(2026, 10, 27, 9).getTime(),
    monday: local(2026, 10, 30, 9).getTime(),
  });
});

test("on a Sunday tomorrow is Monday, which is offered once", () => {
  assert.deepEqual(Object.keys(times(local(2026, 10, 29, 12))), ["minutes", "hour", "tomorrow"]);
});

test("on a Monday it is the next one", () => {
  assert.equal(times(local(2026, 10, 30, 8)).monday, local(2026, 11, 7, 9).getTime());
});

test("tomorrow may be in the next year", () => {
  assert.equal(times(local(2026, 11, 31, 23, 59)).tomorrow, local(2027, 0, 1, 9).getTime());
});
