import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { continueLine, format, pasteAsLink } from "../../static/chat/writing/formatting.js";
import { actionIn, asAction, handlesIn, parseSlash, withoutEscape, withShrug } from "../../static/chat/writing/slash.js";
import { triggerAt } from "../../static/chat/writing/trigger.js";

/** A text with `|` at the caret, or `[` and `]` around the selection. */
function selected(marked) {
  const from = marked.search(/[⟦|]/);
  const text = marked.replace(/[⟦⟧|]/g, "");
  const end = marked.indexOf("⟧");
  return { text, from, to: end < 0 ? from : end - 1 };
}

/** The text after a replacement, marked in the same way. */
function after({ text }, change) {
  if (!change) return null;
  const changed = text.slice(0, change.from) + change.text + text.slice(change.to);
  const [from, to] = change.select;
  if (from === to) return `${changed.slice(0, from)}|${changed.slice(from)}`;
  return `${changed.slice(0, from)}⟦${changed.slice(from, to)}⟧${changed.slice(to)}`;
}

describe("a trigger", () => {
  for (const [text, expected] of /** @type {[string, string[] | null][]} */ ([
    ["@", ["person", ""]],
    ["Tea, @al", ["person", "al"]],
    ["(@al", ["person", "al"]],
    ["@ada lov", ["person", "ada lov"]],
    ["你好@王", ["person", "王"]],
    ["＠王", ["person", "王"]],
    ["@José", ["person", "José"]],
    ["ann@example", null],
    ["https://example.org/@al", null],
    ["see #gen", ["room", "gen"]],
    ["# Title", null],
    ["C#", null],
    ["#1#2", null],
    [":smi", ["emoji", "smi"]],
    [":笑", ["emoji", "笑"]],
    [":+1", ["emoji", "+1"]],
    [":D", null],
    ["12:30", null],
    ["http://ab", null],
    ["a::bc", null],
    ["/to", ["command", "to"]],
    ["/", ["command", ""]],
    ["/topic tea", null],
    ["a /to", null],
    ["//to", null],
    ["`@al", null],
    ["`a` @al", ["person", "al"]],
    ["```\n@al", null],
    ["```\ncode\n```\n@al", ["person", "al"]],
    ["one\n/to", null],
  ])) {
    test(`${JSON.stringify(text)} is ${expected ? expected.join(" ") : "none"}`, () => {
      const found = triggerAt(text, text.length);
      assert.deepEqual(found && [found.kind, found.query], expected);
      if (found) assert.equal(text.length, found.to);
    });
  }

  test("ends at the caret", () => {
    assert.deepEqual(triggerAt("hi @al and more", 6), { kind: "person", query: "al", from: 3, to: 6 });
  });
});

describe("formatting", () => {
  for (const [how, kind, before, expected] of /** @type {[string, any, string, string][]} */ ([
    ["puts marks around the selection", "bold", "a ⟦word⟧ here", "a **⟦word⟧** here"],
    ["takes them away again", "bold", "a **⟦word⟧** here", "a ⟦word⟧ here"],
    ["takes away marks that are selected", "italic", "⟦_word_⟧", "⟦word⟧"],
    ["leaves spaces outside of the marks", "strike", "a⟦ word ⟧here", "a ~~⟦word⟧~~ here"],
    ["puts the caret between the marks", "italic", "a |", "a _|_"],
    ["marks code of one line", "code", "⟦x = 1⟧", "`⟦x = 1⟧`"],
    ["makes a block of several lines", "code", "⟦a\nb⟧", "```\n⟦a\nb⟧\n```"],
    ["makes a block on lines of its own", "code-block", "so ⟦a⟧ it", "so \n```\n⟦a⟧\n```\n it"],
    ["has longer fences around fences", "code-block", "⟦```⟧", "````\n⟦```⟧\n````"],
    ["makes a link, whose address comes next", "link", "see ⟦this⟧", "see [this](⟦https://⟧)"],
    ["makes a link of a URL, whose text comes next", "link", "⟦https://a.org/b⟧", "[|](https://a.org/b)"],
    ["quotes each line", "quote", "⟦a\nb⟧", "⟦> a\n> b⟧"],
    ["ends a quote", "quote", "⟦> a\n> b⟧", "⟦a\nb⟧"],
    ["makes a list of lines", "bullets", "⟦a\nb⟧", "⟦- a\n- b⟧"],
    ["makes numbers of bullets", "numbers", "⟦- a\n- b⟧", "⟦1. a\n2. b⟧"],
    ["begins a list at the caret", "bullets", "a\nb|", "a\n- b|"],
    ["covers", "spoiler", "⟦it ends⟧", "||⟦it ends⟧||"],
  ])) {
    test(`${kind} ${how}`, () => {
      // The signs of a spoiler are those of the caret.
      const start = kind === "spoiler" ? { text: "it ends", from: 0, to: 7 } : selected(before);
      assert.equal(after(start, format(kind, start)), expected);
    });
  }
});

describe("a pasted URL", () => {
  for (const [how, before, url, expected] of [
    ["makes a link of the selection", "see ⟦this [one]⟧ now", "https://a.org/ ", "see [this \\[one\\]](https://a.org/)| now"],
    ["may have brackets", "⟦x⟧", "https://a.org/b_(c)", "[x](<https://a.org/b_(c)>)|"],
    ["replaces a URL", "⟦https://b.org⟧", "https://a.org", null],
    ["is pasted without a selection", "x|", "https://a.org", null],
  ]) {
    test(how, () => assert.equal(after(selected(before), pasteAsLink(selected(before), url)), expected));
  }

  test("of a script makes no link", () => {
    assert.equal(pasteAsLink(selected("⟦x⟧"), "javascript:alert(1)"), null);
  });
});

describe("a line break", () => {
  for (const [how, before, expected] of [
    ["continues a list", "- a|", "- a\n- |"],
    ["continues numbers", "9. a|", "9. a\n10. |"],
    ["continues tasks, not done", "  - [x] a|", "  - [x] a\n  - [ ] |"],
    ["continues a quote", "> a|", "> a\n> |"],
    ["continues a list in a quote", "> - a|", "> - a\n> - |"],
    ["splits an item", "- a|b", "- a\n- |b"],
    ["ends a list after an empty item", "- a\n- |", "- a\n|"],
    ["is itself elsewhere", "a - b|", null],
    ["is itself in code", "```\n- a|", null],
    ["is itself in a word that only looks so", "-a|", null],
  ]) {
    test(how, () => assert.equal(after(selected(before), continueLine(selected(before))), expected));
  }
});

describe("a text is a command", () => {
  for (const [body, expected] of /** @type {[string, object | null][]} */ ([
    ["/topic Tea at five", { name: "topic", text: "Tea at five" }],
    ["/SHRUG", { name: "shrug", text: "" }],
    ["/me\nwaves", { name: "me", text: "waves" }],
    ["//topic", null],
    ["/etc/hosts is a file", null],
    ["/ alone", null],
    ["and /topic", null],
  ])) {
    test(`${JSON.stringify(body)}: ${JSON.stringify(expected)}`, () => assert.deepEqual(parseSlash(body), expected));
  }

  test("unless it begins with two slashes, of which one is sent", () => {
    assert.equal(withoutEscape("//topic x"), "/topic x");
    assert.equal(withoutEscape("// a comment"), "// a comment");
    assert.equal(withoutEscape("hello"), "hello");
    assert.equal(withoutEscape("//me x"), "\\/me x");
    assert.equal(withoutEscape("//menu"), "/menu");
  });

  test("and messages are made of some", () => {
    assert.equal(asAction("waves\n\n smiles"), "/me waves\nsmiles");
    assert.deepEqual(["/me waves", "/me", "/menu", "/me\nwaves"].map(actionIn), ["waves", null, null, null]);
    assert.equal(withShrug("No idea"), "No idea ¯\\_(ツ)_/¯");
    assert.deepEqual(handlesIn("@ann, @bob come in"), { handles: ["ann", "bob"], rest: "come in" });
  });
});
