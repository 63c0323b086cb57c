import assert from "node:assert/strict";
import { test } from "node:test";

import { Store } from "../../static/chat/store.js";
import { ALICE, BOB, person, state, welcome } from "./cast.js";

// The module reads phrases, which are their own names without a page.
globalThis.document ??= /** @type {any} */ ({ getElementById: () => null });
const { readableQuery, roomLabel } = await import("../../static/chat/search/room_labels.js");

/** @import { SearchRoom } from "../../static/chat/wire.d.ts" */

const short = ({ id, name }) => ({ id, name });
const FOUND = /** @type {SearchRoom[]} */ ([
  { slug: "attic", name: "The attic", kind: "private", people: [] },
  { slug: "direct-2", name: "", kind: "direct", people: [short(ALICE.user), short(BOB.user), { id: 3, name: "Carol" }] },
  { slug: "direct-3", name: "", kind: "direct", people: [short(ALICE.user)] },
]);
const rooms = [state("tea", { name: "Tea room" }), state("direct-1", { kind: "direct", people: [ALICE.user, BOB.user] })];
const store = new Store(welcome({ rooms }));
const known = { store, search: { rooms: new Map(FOUND.map((room) => [room.slug, room])) } };
store.people.learn([person(2, "bob", { name: "Robert", version: 3 })]);

test("a room is called by its name in the reader's list, or else by that of the answer, or as it was typed", () => {
  const labels = ["tea", "direct-1", "attic", "nowhere"].map((slug) => roomLabel(slug, known));
  assert.deepEqual(labels, ["Tea room", "Robert", "The attic", "nowhere"]);
});

test("a direct room that only the answer knows is called by its other people, or as notes", () => {
  assert.deepEqual([roomLabel("direct-2", known), roomLabel("direct-3", known)], ["Robert, Carol", "notes"]);
});

test("a query has the names of direct rooms only", () => {
  assert.equal(readableQuery("cup in:direct-1 in:tea in:direct-9", known), "cup in:Robert in:tea in:direct-9");
});
