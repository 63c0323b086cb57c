import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { roomBeside, shortcutOf } from "../../static/chat/shortcuts.js";

/** @import { Pressed } from "../../static/chat/shortcuts.js" */

/**
 * What a key does: `press("Alt+Shift+ArrowUp")`.
 * @param {string} keys
 * @param {{isMac?: boolean, isTyping?: boolean, hasComposer?: boolean} & Partial<Pressed>} [about]
 */
function press(keys, { isMac = false, isTyping = true, hasComposer = true, ...event } = {}) {
  const parts = keys.split("+");
  const key = parts.pop();
  const held = (name) => parts.includes(name);
  const modifiers = { altKey: held("Alt"), ctrlKey: held("Ctrl"), metaKey: held("Meta"), shiftKey: held("Shift") };
  return shortcutOf({ key, keyCode: 0, isComposing: false, ...modifiers, ...event }, { isMac, isTyping, hasComposer });
}

describe("a key", () => {
  test("opens the switcher: Ctrl K, on a Mac ⌘ K, where Ctrl K deletes text", () => {
    assert.equal(press("Ctrl+k"), "switcher");
    assert.equal(press("Ctrl+K"), "switcher");
    assert.equal(press("Meta+k"), null);
    assert.equal(press("Meta+k", { isMac: true }), "switcher");
    assert.equal(press("Ctrl+k", { isMac: true }), null);
    assert.equal(press("Ctrl+Shift+K"), null);
    assert.equal(press("Ctrl+Alt+k"), null);
  });

  test("goes to other rooms", () => {
    assert.equal(press("Alt+ArrowUp"), "previous");
    assert.equal(press("Alt+ArrowDown"), "next");
    assert.equal(press("Alt+Shift+ArrowUp"), "previous-unread");
    assert.equal(press("Alt+Shift+ArrowDown"), "next-unread");
    for (const keys of ["ArrowUp", "Shift+ArrowUp", "Ctrl+ArrowUp", "Ctrl+Alt+ArrowUp", "Meta+Alt+ArrowDown", "Alt+k"]) {
      assert.equal(press(keys), null, keys);
    }
  });

  test("shows the keys, but does not while it is text", () => {
    assert.equal(press("?"), null);
    assert.equal(press("Shift+?", { isTyping: false }), "keys");
    assert.equal(press("Ctrl+/"), "keys");
    assert.equal(press("Ctrl+Shift+/"), "keys");
    assert.equal(press("Meta+/", { isMac: true }), "keys");
    assert.equal(press("/", { isTyping: false }), null);
  });

  test("opens the search: Ctrl Shift F, on a Mac ⌘ Shift F; / where no composer takes it. The browser keeps Ctrl F", () => {
    assert.equal(press("Ctrl+Shift+F"), "search");
    assert.equal(press("Meta+Shift+f", { isMac: true }), "search");
    assert.equal(press("/", { isTyping: false, hasComposer: false }), "search");
    assert.equal(press("/", { hasComposer: false }), null);
    for (const keys of ["Ctrl+f", "Ctrl+Alt+Shift+F", "Alt+/", "Shift+F"]) assert.equal(press(keys, { isTyping: false }), null, keys);
    assert.equal(press("Meta+f", { isMac: true }), null);
  });

  test("does nothing while an input method composes", () => {
    for (const keys of ["Ctrl+k", "Alt+ArrowUp", "Ctrl+/"]) {
      assert.equal(press(keys, { isComposing: true }), null);
      assert.equal(press(keys, { keyCode: 229 }), null);
    }
  });
});

describe("the room beside another one", () => {
  const rooms = ["a", "b", "c", "d"];

  test("is the next or the previous one, and after an end the other end", () => {
    assert.equal(roomBeside(rooms, "b", 1), "c");
    assert.equal(roomBeside(rooms, "b", -1), "a");
    assert.equal(roomBeside(rooms, "d", 1), "a");
    assert.equal(roomBeside(rooms, "a", -1), "d");
  });

  test("is the first or the last one from a place outside of the list", () => {
    assert.equal(roomBeside(rooms, undefined, 1), "a");
    assert.equal(roomBeside(rooms, undefined, -1), "d");
    assert.equal(roomBeside(rooms, "folded", 1), "a");
  });

  test("is the nearest one that is wanted", () => {
    const isUnread = (room) => room === "a" || room === "d";
    assert.equal(roomBeside(rooms, "b", 1, isUnread), "d");
    assert.equal(roomBeside(rooms, "b", -1, isUnread), "a");
    assert.equal(roomBeside(rooms, "d", 1, isUnread), "a");
  });

  test("is none when there is no other one", () => {
    assert.equal(roomBeside([], undefined, 1), undefined);
    assert.equal(roomBeside(["a"], "a", 1), undefined);
    assert.equal(roomBeside(rooms, "a", 1, (room) => room === "a"), undefined);
  });
});
