import assert from "node:assert/strict";
import { test } from "node:test";

import { textDiff } from "../../static/chat/text_diff.js";

const drawn = (before, after) =>
  textDiff(before, after)
    .map(({ kind, text }) => ({ same: text, removed: `[-${text}-]`, added: `{+${text}+}` })[kind])
    .join("");

test("words that changed are marked, and those around them are not", () => {
  assert.equal(drawn("tea at four", "tea at five"), "tea at [-four-]{+five+}");
  assert.equal(drawn("tea at four", "green tea at four"), "{+green +}tea at four");
  assert.equal(drawn("one two three", "one three"), "one [-two -]three");
});

test("equal texts have no difference, and an empty text has all words of the other one", () => {
  assert.equal(drawn("same", "same"), "same");
  assert.equal(drawn("", "all new"), "{+all new+}");
  assert.equal(drawn("", ""), "");
});

test("a Chinese character is a word", () => {
  assert.equal(drawn("今天喝茶", "明天喝茶"), "[-今-]{+明+}天喝茶");
});

test("both texts can be read from the parts, whatever they are", () => {
  const texts = ["a b c", "c b a", "x\n\ny", "👩‍🚀 é ", "a  b", "word ".repeat(500), "other ".repeat(700)];
  for (const before of texts) {
    for (const after of texts) {
      const parts = textDiff(before, after);
      const without = (kind) => parts.filter((part) => part.kind !== kind).map(({ text }) => text).join("");
      assert.equal(without("added"), before);
      assert.equal(without("removed"), after);
    }
  }
});

test("two long texts that differ throughout are compared quickly", () => {
  const [before, after] = [1, 2].map((factor) => Array.from({ length: 4000 }, (_, at) => at * factor).join(" "));
  const begin = performance.now();
  textDiff(before, after);
  assert.ok(performance.now() - begin < 1_000);
});
