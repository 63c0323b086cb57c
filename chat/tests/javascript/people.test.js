import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Presence, Typing } from "../../static/chat/people.js";
import { socketUrl } from "../../static/chat/protocol.js";
import { isMine, isMentioned, personKey } from "../../static/chat/senders.js";
import { ALICE, BOB, GUEST, mentioning, message } from "./cast.js";

describe("typing", () => {
  test("expires after five seconds", () => {
    let now = 0;
    const typing = new Typing(() => now);
    typing.apply([BOB, GUEST], ALICE);
    assert.deepEqual(typing.names, ["bob", "Calm Otter 12"]);
    now = 3000;
    typing.apply([GUEST], ALICE);
    now = 5000;
    assert.deepEqual(typing.names, ["Calm Otter 12"]);
  });

  test("leaves out the reader, and people who have sent their message", () => {
    const typing = new Typing(() => 0);
    typing.apply([ALICE, BOB], ALICE);
    typing.stop(BOB);
    assert.deepEqual(typing.names, []);
  });
});

test("presence starts with the answer to open, and follows joins and leaves", () => {
  const presence = new Presence();
  presence.reset({ online: 2, here: [ALICE, BOB] });
  presence.apply({ online: 2, joined: [GUEST], left: [BOB] });
  assert.deepEqual([presence.online, presence.names], [2, ["alice", "Calm Otter 12"]]);
});

describe("a message mentions", () => {
  const mine = message(1, { mentions: mentioning(ALICE) });
  test("the people whose ids it names, and nobody by its text alone", () => {
    assert.deepEqual([ALICE, BOB, GUEST].map((you) => isMentioned(mine, you)), [true, false, false]);
    assert.equal(isMentioned(message(1, { text: "@alice" }), ALICE), false);
  });
  test("everyone with `all`", () => {
    const all = message(1, { mentions: { people: [], rooms: [], all: true, here: false } });
    assert.deepEqual([isMentioned(all, ALICE), isMentioned(all, GUEST)], [true, true]);
  });
  test("nobody when it is deleted", () => assert.equal(isMentioned({ ...mine, deleted: true }, ALICE), false));
});

describe("people", () => {
  test("have a key that is made of their id", () => {
    assert.deepEqual([personKey(ALICE), personKey(GUEST)], ["u:1", "g:5d41402abc4b2a76"]);
  });

  test("recognise the messages that they sent", () => {
    assert.equal(isMine(message(1, { by: ALICE }), ALICE), true);
    assert.equal(isMine(message(1, { by: GUEST }), GUEST), true);
    assert.equal(isMine(message(1, { by: BOB }), ALICE), false);
  });
});

test("the socket of an https page is wss, that of an http page is ws", () => {
  assert.equal(socketUrl({ protocol: "https:", host: "a.example" }, "/chat"), "wss://a.example/chat");
  assert.equal(socketUrl({ protocol: "http:", host: "localhost:3368" }, "/chat"), "ws://localhost:3368/chat");
});
