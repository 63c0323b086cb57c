import assert from "node:assert/strict";
import { test } from "node:test";

import { checkFiles } from "../../static/chat/uploads/checks.js";

// Sizes are in the language of the page.
globalThis.document = /** @type {any} */ ({ documentElement: { lang: "en" } });
const LIMITS = { count: 3, bytes: 2048, types: ["text/*", "image/png"], alt: 1000, chunk: 4096 };
const file = (name, { type = "text/plain", size = 10 } = {}) => ({ name, type, size });
const names = (files) => files.map(({ name }) => name);

test("files that the site allows are accepted in their order", () => {
  const { accepted, refusals } = checkFiles([file("b"), file("a"), file("c.png", { type: "image/png" })], LIMITS, 0);
  assert.deepEqual([names(accepted), refusals], [["b", "a", "c.png"], []]);
});

test("a file that is empty, too large or of another type is refused with its reason, and the others stay", () => {
  const candidates = [
    file("empty", { size: 0 }),
    file("large", { size: 2049 }),
    file("film", { type: "video/mp4" }),
    file("picture.gif", { type: "image/gif" }),
    file("fits", { size: 2048 }),
  ];
  const { accepted, refusals } = checkFiles(candidates, LIMITS, 0);
  assert.deepEqual(names(accepted), ["fits"]);
  assert.deepEqual(
    refusals.map(({ name, values }) => [name, values.name]),
    [["file_empty", "empty"], ["file_too_large", "large"], ["file_type", "film"], ["file_type", "picture.gif"]],
  );
});

test("a type that the browser does not know is left to the server", () => {
  assert.deepEqual(names(checkFiles([file("strange", { type: "" })], LIMITS, 0).accepted), ["strange"]);
});

test("a site without a list of types allows all", () => {
  assert.deepEqual(names(checkFiles([file("film", { type: "video/mp4" })], { ...LIMITS, types: [] }, 0).accepted), ["film"]);
});

test("a message gets no more files than it may have", () => {
  const { accepted, refusals } = checkFiles([file("a"), file("b")], LIMITS, 2);
  assert.deepEqual([names(accepted), refusals.map(({ name }) => name)], [["a"], ["file_too_many"]]);
  assert.deepEqual(checkFiles([file("a")], LIMITS, 3).accepted, []);
});
