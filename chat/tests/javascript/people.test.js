import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Presence, Typing } from "../../static/chat/people.js";
import { isMine, mentions, personKey, socketUrl } from "../../static/chat/protocol.js";
import { ALICE, BOB, GUEST, mentioning, message } from "./cast.js";

describe("typing", () => {
  test("expires by itself", () => {
    let now = 0;
    const typing = new Typing(() => now);
    typing.apply([BOB, GUEST], ALICE);
    assert.deepEqual(typing.names, ["bob", "Calm Otter 12"]);
    now = 3000;
    typing.apply([GUEST], ALICE);
    now = 5000;
    assert.deepEqual(typing.names, ["Calm Otter 12"]);
  });

  test("does not show me to myself, nor who has said it", () => {
    const typing = new Typing(() => 0);
    typing.apply([ALICE, BOB], ALICE);
    typing.stopped(BOB);
    assert.deepEqual(typing.names, []);
  });
});

test("presence begins with the answer to open and follows joins and leaves", () => {
  const presence = new Presence();
  presence.reset({ online: 2, here: [ALICE, BOB] });
  presence.apply({ online: 2, joined: [GUEST], left: [BOB] });
  assert.deepEqual([presence.online, presence.names], [2, ["alice", "Calm Otter 12"]]);
});

describe("mentions", () => {
  const mine = message(1, { mentions: mentioning(ALICE) });
  test("are of the people whose ids are told", () => {
    assert.deepEqual([mentions(mine, ALICE), mentions(mine, BOB), mentions(mine, GUEST)], [true, false, false]);
    assert.equal(mentions(message(1, { text: "@alice" }), ALICE), false);
  });
  test("of all are of everyone", () => {
    const all = message(1, { mentions: { people: [], all: true, here: false } });
    assert.deepEqual([mentions(all, ALICE), mentions(all, GUEST)], [true, true]);
  });
  test("are none in a deleted message", () => assert.equal(mentions({ ...mine, deleted: true }, ALICE), false));
});

describe("who is who", () => {
  test("users and guests by id", () => {
    assert.deepEqual([personKey(ALICE), personKey(GUEST)], ["u:1", "g:5d41402abc4b2a76"]);
  });

  test("what is mine", () => {
    assert.equal(isMine(message(1, { by: ALICE }), ALICE), true);
    assert.equal(isMine(message(1, { by: GUEST }), GUEST), true);
    assert.equal(isMine(message(1, { by: BOB }), ALICE), false);
  });
});

test("the socket is as secure as the page", () => {
  assert.equal(socketUrl({ protocol: "https:", host: "a.example" }, "/chat"), "wss://a.example/chat");
  assert.equal(socketUrl({ protocol: "http:", host: "localhost:3368" }, "/chat"), "ws://localhost:3368/chat");
});
