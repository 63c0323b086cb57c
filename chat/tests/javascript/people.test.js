import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { mentions, splitMentions } from "../../static/chat/mention.js";
import { Presence, Typing } from "../../static/chat/people.js";
import { isMine, personKey, socketUrl } from "../../static/chat/protocol.js";
import { ALICE, BOB, GUEST, message } from "./cast.js";

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
  for (const [text, is] of [
    ["@ann", true],
    ["hi @ann, and @bob", true],
    ["(@ann.)", true],
    ["@anna", false],
    ["x@ann", false],
    ["@@ann", false],
    ["@ann@example.org", false],
    ["@Ann", false],
  ]) {
    test(`${text}: ${is ? "is" : "is not"} @ann`, () => assert.equal(mentions(text, "ann"), is));
  }

  test("cut a text into pieces that join to it", () => {
    const text = "a @ann- b @bob @ann";
    const pieces = splitMentions(text, "ann");
    assert.equal(pieces.map((piece) => piece.text).join(""), text);
    assert.deepEqual(pieces.map(({ mention }) => mention), [false, true, false, true]);
  });

  test("a guest is never mentioned", () => assert.equal(mentions("@undefined", undefined), false));
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
