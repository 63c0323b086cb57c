import assert from "node:assert/strict";
import { test } from "node:test";

import { fromFieldForm, inFieldForm, laterTimes } from "../../static/chat/later_times.js";
import { reminderTimes } from "../../static/chat/reminder_times.js";
import { ownZone, timeAt, useZone, wallTime } from "../../static/chat/zones.js";

const inZone = (wall, zone) => timeAt(wall, zone).toISOString().slice(0, 16);

test("a time of a zone is found on both sides of midnight, and in zones of half an hour", () => {
  assert.equal(inZone([2026, 10, 27, 9, 0], "Asia/Tokyo"), "2026-11-27T00:00");
  assert.equal(inZone([2026, 10, 27, 9, 0], "Pacific/Kiritimati"), "2026-11-26T19:00");
  assert.equal(inZone([2026, 10, 27, 9, 0], "America/St_Johns"), "2026-11-27T12:30");
  assert.equal(inZone([2026, 10, 31, 9, 0], "UTC"), "2026-12-01T09:00");
});

test("when clocks are moved, a time that is shown twice is the first one, and one left out is later", () => {
  assert.equal(inZone([2026, 9, 25, 2, 30], "Europe/Berlin"), "2026-10-25T00:30");
  assert.equal(inZone([2026, 2, 29, 2, 30], "Europe/Berlin"), "2026-03-29T01:30");
  assert.deepEqual(wallTime(new Date("2026-03-29T01:30Z"), "Europe/Berlin"), [2026, 2, 29, 3, 30]);
  // The morning after has the new offset.
  assert.equal(inZone([2026, 9, 25, 9, 0], "Europe/Berlin"), "2026-10-25T08:00");
});

test("tomorrow and Monday are those of the zone", () => {
  // A Saturday in London, and a Sunday in Tokyo: tomorrow is Monday there.
  const now = new Date("2026-11-28T16:00Z");
  const offered = (zone) => laterTimes(now, zone).map(({ name, at }) => [name, at.toISOString().slice(0, 16)]);
  assert.deepEqual(offered("Europe/London").slice(1), [
    ["tomorrow", "2026-11-29T09:00"],
    ["monday", "2026-11-30T09:00"],
  ]);
  assert.deepEqual(offered("Asia/Tokyo").slice(1), [["tomorrow", "2026-11-30T00:00"]]);
  assert.deepEqual(
    reminderTimes(now, "Asia/Tokyo").map(({ when }) => when),
    ["minutes", "hour", "tomorrow"],
  );
});

test("a field for a time has the clock of the zone, in both directions", () => {
  const at = new Date("2027-01-01T00:30Z");
  assert.equal(inFieldForm(at, "America/New_York"), "2026-12-31T19:30");
  assert.deepEqual(fromFieldForm("2026-12-31T19:30", "America/New_York"), at);
  assert.equal(fromFieldForm("", "America/New_York"), null);
});

test("the zone of the profile is used if the browser knows it", () => {
  const device = ownZone();
  useZone("Asia/Tokyo");
  assert.equal(ownZone(), "Asia/Tokyo");
  for (const none of ["", "Nowhere/At_All"]) {
    useZone(none);
    assert.equal(ownZone(), device);
  }
});
