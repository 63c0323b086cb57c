/** The sections of the sidebar. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { ALICE, state } from "./cast.js";

// The names of rooms are texts of the page.
globalThis.document ??= /** @type {any} */ ({ getElementById: () => null });
const { sectionsOf } = await import("../../static/chat/room_sections.js");

const VIEW = { you: ALICE, current: null, folded: new Set() };

/** @param {string} slug @param {number} minute of the last message */
function direct(slug, minute) {
  return state(slug, { kind: "direct", active_at: `2026-01-01T10:${String(minute).padStart(2, "0")}:00Z` });
}

/** @param {Parameters<typeof sectionsOf>[0]} states @param {readonly string[]} [order] */
function directIn(states, order) {
  const section = sectionsOf(states, { ...VIEW, order }).find(({ name }) => name === "direct");
  return section?.rooms.map(({ slug }) => slug);
}

describe("direct rooms", () => {
  const rooms = [direct("early", 1), direct("late", 30), direct("middle", 7)];

  test("are in the order of their last messages, the latest first", () => {
    assert.deepEqual(directIn(rooms), ["late", "middle", "early"]);
  });

  test("keep a former order when it is given, and others follow", () => {
    assert.deepEqual(directIn(rooms, ["early", "late"]), ["early", "late", "middle"]);
  });
});

test("other rooms are in the order of their names, whatever was written in them", () => {
  const rooms = [state("b", { name: "Team 10", active_at: "2026-01-01T12:00:00Z" }), state("a", { name: "Team 2" })];
  const [, section] = sectionsOf(rooms, VIEW);
  assert.deepEqual(section?.rooms.map(({ slug }) => slug), ["a", "b"]);
});
