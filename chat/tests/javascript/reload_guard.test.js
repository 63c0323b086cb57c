import assert from "node:assert/strict";
import { test } from "node:test";

import { keepsCookies, mayReload } from "../../static/chat/reload_guard.js";

function aHistory() {
  return {
    state: null,
    replaceState(state) {
      this.state = state;
    },
  };
}

test("a page may reload once, and again a minute later", () => {
  const history = aHistory();
  history.state = { place: 7 };
  assert.equal(mayReload(history, 1_000_000), true);
  assert.equal(history.state.place, 7);
  assert.equal(mayReload(history, 1_001_000), false);
  assert.equal(mayReload(history, 1_061_000), true);
});

test("whether the browser keeps cookies is found by setting one", () => {
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
  const ignoring = {
    get cookie() {
      return "";
    },
    set cookie(_) {},
  };
  assert.equal(keepsCookies(ignoring), false);
  const refusing = {
    /** @returns {string} */
    get cookie() {
      throw new Error("SecurityError");
    },
    set cookie(_) {
      throw new Error("SecurityError");
    },
  };
  assert.equal(keepsCookies(refusing), false);
});
