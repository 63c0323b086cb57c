import assert from "node:assert/strict";
import { test } from "node:test";

import { PersonMutes } from "../../static/chat/person_mutes.js";

const inOneHour = () => new Date(Date.now() + 3_600_000).toISOString();

test("a mute of the site counts in each room, until it ends", () => {
  const mutes = new PersonMutes();
  assert.equal(mutes.endOf("tea"), null);
  const until = inOneHour();
  mutes.set(null, until);
  assert.equal(mutes.endOf("tea")?.toISOString(), until);
  mutes.set("tea", new Date(Date.now() - 1000).toISOString());
  mutes.set(null, null);
  assert.equal(mutes.endOf("tea"), null);
});
