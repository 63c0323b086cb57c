import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { CommandError } from "../../static/chat/protocol.js";
import { Store } from "../../static/chat/store.js";
import { ALICE, BOB, GUEST, person, state, welcome } from "./cast.js";

// The module reads phrases, which are their own names without a page.
globalThis.document ??= /** @type {any} */ ({ getElementById: () => null });
const { SearchNames } = await import("../../static/chat/search/search_names.js");

/** @import { Connection } from "../../static/chat/socket.js" */

const CAROL = person(3, "carol", { name: "Ann Carol" });

/** @type {{online: boolean, asked: string[], request: (command: {query: string}) => Promise<object>}} */
let connection;
/** @type {Store} */
let store;
/** @type {InstanceType<typeof SearchNames>} */
let names;

/** @param {import("../../static/chat/wire.d.ts").You} [you] */
function begin(you = ALICE) {
  const rooms = [state("tea", { name: "The tea" }), state("garden"), state("direct-1", { kind: "direct" })];
  store = new Store(welcome({ you, rooms }));
  store.people.learn([BOB.user]);
  names = new SearchNames({ store, connection: /** @type {Connection} */ (/** @type {unknown} */ (connection)) });
}

/** @param {string} value @param {string} [operator] */
const ask = (value, operator = "") => names.ask({ operator, value });
const values = () => names.people.map(({ value }) => value);

beforeEach(() => {
  connection = {
    online: true,
    asked: [],
    request: async ({ query }) => (connection.asked.push(query), { people: [CAROL, person(2, "bob", { name: "Old Bob" })] }),
  };
  begin();
});

describe("people", () => {
  test("are those whom the page knows, by their names, and first the reader as `me`", () => {
    store.people.learn([CAROL]);
    assert.deepEqual(values(), ["me", "alice", "carol", "bob"]);
    assert.deepEqual(names.people.slice(1).map(({ detail, key }) => [detail, key]), [["", "u:1"], ["@carol", "u:3"], ["", "u:2"]]);
  });

  test("have no `me` for a guest", () => {
    begin(GUEST);
    assert.deepEqual(values(), ["bob"]);
  });

  test("are those whom the server found, too, but in the form that the page knows", async () => {
    assert.equal(await ask("an", "from"), true);
    assert.deepEqual(names.people.map(({ name }) => name).slice(1), ["alice", "Ann Carol", "bob"]);
  });

  test("of the page are offered when the server refuses", async () => {
    connection.request = async () => Promise.reject(new CommandError({ code: "rate_limited" }));
    assert.equal(await ask("an", "from"), true);
    assert.deepEqual(values(), ["me", "alice", "bob"]);
  });
});

test("rooms are those with a name, by that, with the name of the address if it is another", () => {
  assert.deepEqual(names.rooms.map(({ name, value, detail }) => [name, value, detail]), [["garden", "garden", ""], ["The tea", "tea", "tea"]]);
});

describe("the server is asked for people", () => {
  test("after an operator that takes one, or for a word that may be a name, without its sign and cut", async () => {
    await ask("", "from");
    await ask("@bo");
    await ask("x".repeat(90), "mentions");
    assert.deepEqual(connection.asked, ["", "bo", "x".repeat(80)]);
  });

  test("neither for a room, nor for one letter", async () => {
    assert.deepEqual([await ask("te", "in"), await ask("b")], [false, false]);
    assert.deepEqual(connection.asked, []);
  });

  test("neither without a connection, nor by a guest", async () => {
    connection.online = false;
    assert.equal(await ask("bob"), false);
    connection.online = true;
    begin(GUEST);
    assert.equal(await ask("bob"), false);
    assert.deepEqual(connection.asked, []);
  });
});
