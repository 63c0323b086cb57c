import assert from "node:assert/strict";
import { test } from "node:test";

import { allowedActions } from "../../static/chat/message_actions.js";
import { ALICE, BOB, GUEST, message } from "./cast.js";

/** What every user may do with a message that they see. */
const KEEP = ["copy", "forward", "link", "remind", "save"];
const sorted = (actions) => [...actions].sort();
const offered = (one, you, role = "member", more = {}) => sorted(allowedActions(one, you, role, more));

test("alice may edit and delete her message", () => {
  assert.deepEqual(offered(message(1, { by: ALICE }), ALICE), sorted([...KEEP, "delete", "edit", "pin", "react", "reply", "thread", "unread"]));
});

test("bob may answer alice's message and react to it, and not change it", () => {
  assert.deepEqual(offered(message(1, { by: ALICE }), BOB), sorted([...KEEP, "pin", "react", "reply", "report", "thread", "unread"]));
});

test("a moderator may delete alice's message, and not edit it", () => {
  assert.deepEqual(offered(message(1, { by: ALICE }), BOB, "moderator"), sorted([...KEEP, "delete", "mute", "pin", "react", "reply", "report", "thread", "unread"]));
  assert.ok(!allowedActions(message(1, { by: ALICE }), BOB, "owner", { isDirect: true }).has("mute"));
});

test("a reader may delete their own message, link to any, and mark any as unread", () => {
  assert.deepEqual(offered(message(1, { by: BOB }), BOB, "reader"), sorted([...KEEP, "delete", "unread"]));
  assert.deepEqual(offered(message(1, { by: ALICE }), BOB, "reader"), sorted([...KEEP, "report", "unread"]));
});

test("a guest may edit and delete their own message, and neither react nor mark it as unread", () => {
  assert.deepEqual(offered(message(1, { by: GUEST }), GUEST, null), ["copy", "delete", "edit", "link", "reply", "thread"]);
});

test("where nobody may write, messages can still be linked to and marked as unread", () => {
  assert.deepEqual(offered(message(1, { by: ALICE }), ALICE, "owner", { isOpen: false }), sorted([...KEEP, "unread"]));
});

test("a message that is saved or pinned offers the opposite", () => {
  const pinned = message(1, { by: ALICE, pinned: { by: { id: 1, name: "alice" }, at: "2026-01-01T10:00:00Z" } });
  const actions = offered(pinned, BOB, "member", { isSaved: true });
  assert.deepEqual(["pin", "save", "unpin", "unsave"].filter((name) => actions.includes(name)), ["unpin", "unsave"]);
  assert.ok(!offered(pinned, BOB, null).includes("unpin"));
});

test("author and moderators see the edits of a message, others if the site shows them to everyone", () => {
  const edited = message(1, { by: ALICE, edited_at: "2026-01-01T11:00:00Z" });
  const sees = (...who) => offered(edited, ...who).includes("history");
  assert.deepEqual([sees(ALICE), sees(BOB, "owner"), sees(BOB), sees(BOB, "member", { seesEdits: true })], [true, true, false, true]);
  assert.ok(!offered(message(1, { by: ALICE }), ALICE).includes("history"));
});

test("a message that is deleted or not stored yet offers no action", () => {
  assert.deepEqual(offered(message(1, { by: ALICE, deleted: true }), ALICE, "owner"), []);
  assert.deepEqual(offered(message(null, { seq: Infinity, by: ALICE }), ALICE, "owner"), []);
});
