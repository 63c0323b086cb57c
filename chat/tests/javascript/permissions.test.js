import assert from "node:assert/strict";
import { test } from "node:test";

import { allowed } from "../../static/chat/permissions.js";
import { ALICE, BOB, GUEST, message } from "./cast.js";

const offers = (one, you, role = "member") => [...allowed(one, you, role)].sort();

test("alice edits and deletes what she said", () => {
  assert.deepEqual(offers(message(1, { by: ALICE }), ALICE), ["delete", "edit", "react", "reply"]);
});

test("bob answers and reacts to what alice said, and does not change it", () => {
  assert.deepEqual(offers(message(1, { by: ALICE }), BOB), ["react", "reply"]);
});

test("a moderator deletes what alice said, and does not edit it", () => {
  assert.deepEqual(offers(message(1, { by: ALICE }), BOB, "moderator"), ["delete", "react", "reply"]);
});

test("a reader deletes what they said, and does nothing else", () => {
  assert.deepEqual(offers(message(1, { by: BOB }), BOB, "reader"), ["delete"]);
  assert.deepEqual(offers(message(1, { by: ALICE }), BOB, "reader"), []);
});

test("a guest changes what they said, and does not react", () => {
  assert.deepEqual(offers(message(1, { by: GUEST }), GUEST, null), ["delete", "edit", "reply"]);
});

test("nothing can be done with what was deleted or is not stored yet", () => {
  assert.deepEqual(offers(message(1, { by: ALICE, deleted: true }), ALICE, "owner"), []);
  assert.deepEqual(offers(message(null, { seq: Infinity, by: ALICE }), ALICE, "owner"), []);
});
