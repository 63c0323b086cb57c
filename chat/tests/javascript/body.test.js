import assert from "node:assert/strict";
import { test } from "node:test";

import { bodyOf } from "../../static/chat/body.js";

test("nothing is left of a text that nobody could see", () => {
  for (const text of ["\u2800", "\u3164", "\u200b", "\u00ad", "\u2060", "\u200b\u200b\n\u2800", "\u{e0041}", " \ufe0f"]) {
    assert.equal(bodyOf(text), "");
  }
  for (const text of ["\u200ba", "\u2800.", "👍\ufe0f", "\0"]) assert.equal(bodyOf(text), text);
});

test("the indent of code stays, empty lines and trailing white space go", () => {
  assert.equal(bodyOf("    def f():\n        return 1\n\n"), "    def f():\n        return 1");
  assert.equal(bodyOf("\n \t\n  a \n"), "  a");
  assert.equal(bodyOf(" \n \n"), "");
});
