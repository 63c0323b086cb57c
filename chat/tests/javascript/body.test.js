import assert from "node:assert/strict";
import { test } from "node:test";

import { bodyOf } from "../../static/chat/body.js";

test("the indent of code stays, empty lines and trailing white space go", () => {
  assert.equal(bodyOf("    def f():\n        return 1\n\n"), "    def f():\n        return 1");
  assert.equal(bodyOf("\n \t\n  a \n"), "  a");
  assert.equal(bodyOf(" \n \n"), "");
});
