/** Which texts mention all people of a room. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { groupIn } from "../../static/chat/writing/groups.js";

test("a text with @all or @here mentions a group", () => {
  for (const text of ["@all", "Hi @All!", "(@everyone)", "now, @channel:", "＠all", "@here @all"]) {
    assert.equal(groupIn(text), "all", text);
  }
  for (const text of ["@here", "who is @here?"]) assert.equal(groupIn(text), "here", text);
});

test("other words, addresses and code mention no group", () => {
  const texts = ["", "all", "@allison", "@all.smith", "a@all", "@alice", "`@all`", "```\n@all\n```", "```\n@here", "\\@all"];
  for (const text of texts) assert.equal(groupIn(text), null, text);
});
