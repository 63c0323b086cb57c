import assert from "node:assert/strict";
import { test } from "node:test";

import { QuietCounts } from "../../static/chat/quiet_counts.js";

const rooms = (unread, others = {}) => (slug) =>
  slug === "tea" ? { archived: false, muted: false, unread, mentions: 0, ...others } : undefined;

test("silent messages are counted until they are read", () => {
  const quiet = new QuietCounts();
  quiet.add("tea", 2);
  quiet.update(rooms(3));
  assert.equal(quiet.total, 2);
  quiet.update(rooms(0));
  quiet.update(rooms(1));
  assert.equal(quiet.total, 0);
});

test("a room that calls nobody has none", () => {
  const quiet = new QuietCounts();
  quiet.add("tea", 1);
  quiet.update(rooms(1, { muted: true }));
  assert.equal(quiet.total, 0);
  quiet.add("gone", 1);
  quiet.update(rooms(1));
  assert.equal(quiet.total, 0);
});

test("counts that become smaller add nothing", () => {
  const quiet = new QuietCounts();
  quiet.add("tea", -1);
  assert.equal(quiet.total, 0);
});
