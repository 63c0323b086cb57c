import assert from "node:assert/strict";
import { test } from "node:test";

import { bodyOf } from "../../static/chat/body.js";

test("the body of an invisible text is empty", () => {
  for (const text of ["\u2800", "\u3164", "\u200b", "\u00ad", "\u2060", "\u200b\u200b\n\u2800", "\u{e0041}", " \ufe0f"]) {
    assert.equal(bodyOf(text), "");
  }
  for (const text of ["\u200ba", "\u2800.", "👍\ufe0f", "\0"]) assert.equal(bodyOf(text), text);
});

test("the body keeps the indent of code, and loses empty lines at the start and white space at the end", () => {
  assert.equal(bodyOf("    def f():\n        return 1\n\n"), "    def f():\n        return 1");
  assert.equal(bodyOf("\n \t\n  a \n"), "  a");
  assert.equal(bodyOf(" \n \n"), "");
});
