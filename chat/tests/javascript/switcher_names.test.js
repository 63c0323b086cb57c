import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { CommandError } from "../../static/chat/protocol.js";
import { Store } from "../../static/chat/store.js";
import { ALICE, BOB, GUEST, person, state, welcome } from "./cast.js";

// The module reads phrases, which are their own names without a page.
globalThis.document ??= /** @type {any} */ ({ getElementById: () => null });
const { SwitcherNames } = await import("../../static/chat/switcher_names.js");

/**
 * @import { RecentRooms } from "../../static/chat/recent_rooms.js"
 * @import { Connection } from "../../static/chat/socket.js"
 */

const CAROL = person(3, "carol");
const TEAM = { slug: "team", name: "Team", kind: "public", topic: "" };

/** @type {{online: boolean, asked: string[], request: (command: {type: string, query?: string, search?: string}) => Promise<object>}} */
let connection;
/** @type {string[]} slugs of the rooms that were shown last */
let recent;
/** @type {InstanceType<typeof SwitcherNames>} */
let names;

/** @param {string[]} rooms slugs @param {import("../../static/chat/wire.d.ts").You} [you] */
function open(rooms, you = ALICE) {
  const direct = state("direct-1", { kind: "direct", people: [ALICE.user, BOB.user] });
  const store = new Store(welcome({ you, rooms: [...rooms.map((slug) => state(slug)), direct] }));
  const parts = { connection: /** @type {Connection} */ (/** @type {unknown} */ (connection)), store };
  names = new SwitcherNames({ ...parts, recent: /** @type {RecentRooms} */ ({ get all() { return recent; } }) });
}

/** @param {string} [query] @param {string} [except] */
const found = (query = "", except = undefined) => names.find(query, except).map(({ key }) => key);

beforeEach(() => {
  recent = [];
  connection = {
    online: true,
    asked: [],
    request: async ({ type, query, search }) => {
      connection.asked.push(`${type}:${query ?? search}`);
      return type === "people" ? { people: [BOB.user, CAROL] } : { rooms: [TEAM] };
    },
  };
  open(["tea", "garden", "attic", "cellar", "hall"]);
});

describe("what the switcher lists", () => {
  test("are the rooms of the reader, the one that was shown last first, by person for direct rooms", () => {
    recent = ["direct-1", "tea"];
    assert.deepEqual(found(), ["person 2", "tea", "attic", "cellar", "garden", "hall"]);
  });

  test("is not the room that is shown", () => {
    assert.ok(!found("", "tea").includes("tea"));
  });

  test("is, for a query, also what the server found, each once", async () => {
    await names.ask("te");
    assert.deepEqual(connection.asked, ["people:te", "browse:te"]);
    assert.deepEqual([found("te"), found("bob"), found("carol")], [["tea", "team"], ["person 2"], ["person 3"]]);
    assert.ok(!found().includes("team"));
    // Of what is in the list of the reader the entry of that stays: it leads to a room.
    assert.equal(names.find("bob", undefined)[0]?.slug, "direct-1");
  });

  test("is what the server found also without a query, if the reader has few rooms", async () => {
    open(["tea"]);
    await names.ask("");
    assert.deepEqual(found(), ["person 2", "person 3", "tea", "team"]);
  });

  test("is only what the page knows after it was forgotten, or when the server refuses", async () => {
    await names.ask("te");
    names.forget();
    assert.deepEqual(found("te"), ["tea"]);
    connection.request = async () => Promise.reject(new CommandError({ code: "rate_limited" }));
    await names.ask("te");
    assert.deepEqual(found("te"), ["tea"]);
  });
});

test("the server is not asked without a connection, or by a guest", async () => {
  connection.online = false;
  await names.ask("te");
  connection.online = true;
  open(["tea"], GUEST);
  await names.ask("te");
  assert.deepEqual(connection.asked, []);
});
