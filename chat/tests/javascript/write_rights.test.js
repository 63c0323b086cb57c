import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { WriteRights } from "../../static/chat/write_rights.js";
import { facts, opened, state } from "./cast.js";

const inOneHour = () => new Date(Date.now() + 3_600_000).toISOString();
const aSecondAgo = () => new Date(Date.now() - 1000).toISOString();

/** @type {WriteRights} */
let rights;

beforeEach(() => {
  rights = new WriteRights();
});

/** @param {string} [room] @param {Partial<import("../../static/chat/wire.d.ts").OpenReply>} [fields] */
const openReadOnly = (room = "tea", fields = {}) => rights.opened(opened([], { room, can_post: false, ...fields }));

describe("the right to write", () => {
  test("is what the latest answer to `open` said", () => {
    assert.ok(rights.canPost("tea"));
    openReadOnly();
    assert.ok(!rights.canPost("tea"));
    assert.ok(rights.canPost("garden"));
    rights.opened(opened([], { room: "tea" }));
    assert.ok(rights.canPost("tea"));
  });

  test("is not taken by an answer about an archived room: the role decides when it is restored", () => {
    openReadOnly("tea", { state: state("tea", { archived: true }) });
    assert.ok(rights.canPost("tea"));
  });

  test("is open again when others may post in the room, or other guests, but not after a rename", () => {
    for (const change of [{ who_posts: "moderators" }, { guests: "write" }]) {
      openReadOnly();
      rights.changed(facts("tea"), facts("tea", { name: "Tea" }));
      assert.ok(!rights.canPost("tea"));
      rights.changed(facts("tea"), facts("tea", change));
      assert.ok(rights.canPost("tea"));
    }
  });

  test("comes back when a mute ends: in its room, or in all rooms", () => {
    for (const room of ["tea", "garden"]) openReadOnly(room);
    rights.muted("tea", inOneHour());
    assert.ok(!rights.canPost("tea"));
    rights.muted("tea", null);
    assert.deepEqual([rights.canPost("tea"), rights.canPost("garden")], [true, false]);
    rights.muted(null, null);
    assert.ok(rights.canPost("garden"));
  });
});

describe("a mute", () => {
  test("of the site counts in each room, until it ends", () => {
    assert.equal(rights.muteEnd("tea"), null);
    const until = inOneHour();
    rights.muted(null, until);
    assert.equal(rights.muteEnd("tea")?.toISOString(), until);
    rights.muted("tea", aSecondAgo());
    rights.muted(null, null);
    assert.equal(rights.muteEnd("tea"), null);
  });

  test("of a room comes with the answer to `open`, and counts only there", () => {
    const until = inOneHour();
    openReadOnly("tea", { muted_until: until });
    assert.equal(rights.muteEnd("tea")?.toISOString(), until);
    assert.equal(rights.muteEnd("garden"), null);
    rights.opened(opened([], { room: "tea" }));
    assert.equal(rights.muteEnd("tea"), null);
  });
});
