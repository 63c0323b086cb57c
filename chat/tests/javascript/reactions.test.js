import assert from "node:assert/strict";
import { test } from "node:test";

import { isReactedBy, reactionNames, unnamed } from "../../static/chat/reactions.js";

const you = (id) => ({ user: { id, name: `user ${id}`, avatar: null }, guest: null });
const people = [you(1).user, you(2).user];

test("a reaction shows the names of all people when the server names all", () => {
  const reaction = { emoji: "👋", count: 2, people };
  assert.equal(reactionNames(reaction), "user 1, user 2");
  assert.equal(unnamed(reaction), 0);
});

test("a reaction shows how many people the server does not name", () => {
  const reaction = { emoji: "👋", count: 5, people };
  assert.equal(reactionNames(reaction), "user 1, user 2, +3");
  assert.equal(unnamed(reaction), 3);
});

test("only a named user is known to have reacted", () => {
  const reaction = { emoji: "👋", count: 5, people };
  assert.equal(isReactedBy(reaction, you(2)), true);
  assert.equal(isReactedBy(reaction, you(3)), false);
  assert.equal(isReactedBy(reaction, { user: null, guest: { id: "g", name: "Quiet Heron" } }), false);
  assert.equal(isReactedBy(undefined, you(1)), false);
  assert.equal(unnamed(undefined), 0);
});
