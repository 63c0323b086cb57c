import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { CommandError } from "../../static/chat/protocol.js";
import { Store } from "../../static/chat/store.js";
import { ALICE, BOB, message, opened, person, state, welcome } from "./cast.js";
import { clockNow, releaseClock, stopClock, tick } from "./clock.js";

// The module reads phrases, which are their own names without a page.
globalThis.document ??= /** @type {any} */ ({ getElementById: () => null });
const { CompletionPeople } = await import("../../static/chat/elements/completion_people.js");

/** @import { RoomContext } from "../../static/chat/room_view.js" */

const CAROL = person(3, "carol");
const CHARLIE = person(4, "charlie");

/** @type {Store} */
let store;
/** @type {{asked: string[], more: boolean, request: (command: {type: string, search?: string, query?: string}) => Promise<object>}} */
let connection;
/** @type {InstanceType<typeof CompletionPeople>} */
let people;

/** @param {Partial<import("../../static/chat/wire.d.ts").RoomState>} [room] */
function open(room = {}) {
  store = new Store(welcome({ rooms: [state("lobby", room)] }));
  store.applyOpen(opened([message(1, { by: BOB }), message(2, { by: ALICE })], { state: room }));
  const context = { connection, room: "lobby", store };
  people = new CompletionPeople(/** @type {RoomContext} */ (/** @type {unknown} */ (context)));
}

const offered = (query = "") => people.of(query).map(({ typed }) => typed);

beforeEach(() => {
  stopClock();
  mock.method(performance, "now", clockNow);
  connection = {
    asked: [],
    more: false,
    request: async ({ type, search, query }) => {
      connection.asked.push(`${type}:${search ?? query}`);
      if (type === "people") return { people: [CHARLIE] };
      const members = [ALICE.user, BOB.user, CAROL].filter(({ handle }) => handle.startsWith(search ?? ""));
      return { members: members.map((each) => ({ person: each })), more: connection.more };
    },
  };
  open();
});

afterEach(() => {
  mock.reset();
  releaseClock();
});

describe("the people for a name", () => {
  test("are those who wrote in the room, the last one first, and the reader behind all", () => {
    store.apply({ type: "message", room: "lobby", version: 3, message: message(3, { by: { user: CAROL, guest: null } }) });
    assert.deepEqual(offered(), ["carol", "bob", "alice"]);
  });

  test("are those who are here, too", () => {
    store.apply({ type: "presence", room: "lobby", online: 1, joined: [{ user: CAROL, guest: null }], left: [] });
    assert.deepEqual(offered("ca"), ["carol"]);
    assert.equal(people.of("ca")[0]?.isOnline, true);
  });

  test("are members before others, who are offered only for a query, and marked once all members are known", async () => {
    await people.ask("c");
    assert.deepEqual(offered("c"), ["carol", "alice", "charlie"]);
    assert.deepEqual(people.of("c").map(({ detail }) => detail), ["", "", "not_in_room"]);
    assert.deepEqual(offered(), ["bob", "carol", "alice"]);
  });

  test("are not marked as no members while the server has more of these", async () => {
    connection.more = true;
    await people.ask("c");
    assert.deepEqual(people.of("c").map(({ detail }) => detail), ["", "", ""]);
  });

  test("have the name that the page knows", () => {
    store.apply({ type: "person", person: person(2, "bob", { name: "Robert", version: 2 }) });
    assert.deepEqual(people.of("rob").map(({ name, detail }) => [name, detail]), [["Robert", "@bob"]]);
  });

  test("are none after a complete name and a space: the text goes on", () => {
    assert.deepEqual([offered("bob"), offered("bob ")], [["bob"], []]);
  });

  test("are followed by the names for all, for a moderator", () => {
    assert.deepEqual(offered("a"), ["alice"]);
    open({ role: "owner" });
    assert.deepEqual(offered("a"), ["alice", "all"]);
    const allan = { user: person(5, "allan"), guest: null };
    store.apply({ type: "message", room: "lobby", version: 3, message: message(3, { by: allan }) });
    assert.deepEqual([offered("al"), offered("all")], [["allan", "alice", "all"], ["all", "allan"]]);
  });
});

describe("the server", () => {
  test("is asked for all members at first and after a minute, and for each query", async () => {
    await people.ask("b");
    await people.ask("c");
    assert.deepEqual(connection.asked, ["people:b", "members:", "members:b", "people:c", "members:c"]);
    connection.asked.length = 0;
    tick(60_001);
    await people.ask("b");
    assert.deepEqual(connection.asked, ["people:b", "members:", "members:b"]);
  });

  test("that refuses both questions is one error", async () => {
    connection.request = async () => Promise.reject(new CommandError({ code: "rate_limited" }));
    await assert.rejects(people.ask("b"), CommandError);
  });

  test("is not asked for the members of a direct room, which the page knows", async () => {
    open({ kind: "direct", people: [ALICE.user, CAROL] });
    await people.ask("ca");
    assert.deepEqual(connection.asked, ["people:ca"]);
    assert.deepEqual(offered("ca"), ["carol"]);
  });
});
