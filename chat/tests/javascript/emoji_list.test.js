import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { EmojiList, wordsLanguage } from "../../static/chat/emoji/emoji_list.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../../static/chat/emoji/${name}.json`, import.meta.url), "utf8"));
const english = new EmojiList(read("emoji"));
const taiwanese = new EmojiList(read("emoji"), read("words/zh-hant"));
const first = (list, query) => list.search(query, 1)[0];

describe("an emoji is found by", () => {
  for (const [how, query, emoji, name] of [
    ["its name", "wave", "👋", "wave"],
    ["another name", "thumbsup", "👍", "thumbsup"],
    ["the beginning of its name", "thumbsu", "👍", "thumbsup"],
    ["its name in upper case", "TADA", "🎉", "tada"],
    ["a word for it", "ttfn", "👋", "wave"],
    ["its label with spaces", "waving hand", "👋", "waving_hand"],
    ["a sign", "+1", "👍", "+1"],
  ]) {
    test(how, () => {
      const found = first(english, query);
      assert.deepEqual([found.emoji.emoji, found.name], [emoji, name]);
    });
  }
});

test("a Chinese reader finds emoji by words in Chinese, by a part of them, and in English", () => {
  assert.ok(taiwanese.search("揮手", 3).some(({ emoji }) => emoji.emoji === "👋"));
  assert.ok(taiwanese.search("喜極").some(({ emoji }) => emoji.emoji === "😂"));
  assert.equal(first(taiwanese, "wave").emoji.emoji, "👋");
});

test("a search has no more results than asked for, and none for nothing", () => {
  assert.equal(english.search("face", 8).length, 8);
  assert.deepEqual(english.search("  "), []);
  assert.deepEqual(english.search("zzzzzz"), []);
});

test("an emoji has a name in any case, and skin tones if it shows skin", () => {
  assert.equal(english.named("Wave")?.emoji, "👋");
  assert.deepEqual(english.get("👋")?.skins, ["👋🏻", "👋🏼", "👋🏽", "👋🏾", "👋🏿"]);
  assert.equal(english.get("🎉")?.skins, undefined);
});

test("the words are those of the reader's first language that has some", () => {
  const known = ["de", "zh", "zh-hant"];
  assert.equal(wordsLanguage(["en", "is-IS"], known), "en");
  assert.equal(wordsLanguage(["en", "de-DE", "zh"], known), "de");
  assert.equal(wordsLanguage(["en", "en-GB", "zh-TW"], known), "zh-hant");
  assert.equal(wordsLanguage(["zh-Hant-HK", "zh-CN"], known), "zh-hant");
  assert.equal(wordsLanguage(["zh-CN", "zh-TW"], known), "zh");
});
