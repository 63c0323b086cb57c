/** The helpers for elements (dom.js), with a root that holds one element for each selector. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { find, findOptional } from "../../static/chat/dom.js";

class FakeElement {}
class FakeButton extends FakeElement {}
Object.assign(globalThis, { HTMLElement: FakeElement });

const button = new FakeButton();
const line = new FakeElement();
/** @type {Record<string, FakeElement>} */
const ELEMENTS = { ".send": button, ".line": line };
const root = /** @type {ParentNode} */ (/** @type {unknown} */ ({
  /** @param {string} selector */
  querySelector: (selector) => ELEMENTS[selector] ?? null,
}));
const Button = /** @type {new () => HTMLButtonElement} */ (/** @type {unknown} */ (FakeButton));

test("an element is found by its selector and its type", () => {
  assert.equal(find(root, ".send", Button), button);
  assert.equal(find(root, ".line"), line);
  assert.equal(findOptional(root, ".gone"), null);
});

test("the error of a missing element names its selector", () => {
  assert.throws(() => find(root, ".gone"), { name: "TypeError", message: ".gone: not found" });
});

test("the error of an element of another type names both", () => {
  assert.throws(() => find(root, ".line", Button), { name: "TypeError", message: ".line is not a FakeButton" });
});
