import assert from "node:assert/strict";
import { test } from "node:test";

import { keepsCookies, mayReload } from "../../static/chat/visitor.js";

function aHistory() {
  return {
    state: null,
    replaceState(state) {
      this.state = state;
    },
  };
}

test("a page is loaded anew once, and a minute later again", () => {
  const history = aHistory();
  history.state = { place: 7 };
  assert.equal(mayReload(history, 1_000_000), true);
  assert.equal(history.state.place, 7);
  assert.equal(mayReload(history, 1_001_000), false);
  assert.equal(mayReload(history, 1_061_000), true);
});

test("cookies are tried out", () => {
  let jar = "";
  const keeping = {
    get cookie() {
      return jar;
    },
    set cookie(text) {
      jar = text.split(";")[0];
    },
  };
  assert.equal(keepsCookies(keeping), true);
  const deaf = { get cookie() { return ""; }, set cookie(text) {} };
  assert.equal(keepsCookies(deaf), false);
  const refusing = { get cookie() { throw new Error("SecurityError"); }, set cookie(text) { throw new Error("SecurityError"); } };
  assert.equal(keepsCookies(refusing), false);
});
