import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { storage as aStorage } from "../../static/chat/browser.js";
import { RecentRooms } from "../../static/chat/recent_rooms.js";
import { findEntries } from "../../static/chat/switcher_entries.js";

/** @import { Candidate } from "../../static/chat/switcher_entries.js" */

/** @returns {Candidate} */
const room = (name, fields = {}) => ({ key: name.toLowerCase(), type: "room", name, ...fields });
/** @returns {Candidate} */
const person = (name, handle) => ({ key: `person ${handle}`, type: "person", name, handle });
const names = (query, candidates, recent) => findEntries(query, candidates, recent).map(({ name }) => name);

const ROOMS = ["Tea", "Team", "Templates", "Garden", "Green tea"].map((name) => room(name));

describe("without a query", () => {
  test("mentions come first, then unread messages, then the rooms that were used last, then the others by name", () => {
    const rooms = [...ROOMS, room("Noise", { unread: 4 }), room("Call", { unread: 1, mentions: 1 })];
    const recent = ["templates", "gone", "tea"];
    const expected = ["Call", "Noise", "Templates", "Tea", "Garden", "Green tea", "Team"];
    assert.deepEqual(names("", rooms, recent), expected);
    assert.deepEqual(names("  ", rooms, recent), expected);
  });

  test("not more are listed than one sees", () => {
    const many = Array.from({ length: 500 }, (_, at) => room(`Room ${at}`));
    assert.equal(names("", many, []).length, 12);
  });
});

describe("a query", () => {
  test("finds the best match first, and of equal ones the shorter name", () => {
    assert.deepEqual(names("tea", ROOMS, []), ["Tea", "Team", "Green tea"]);
    assert.deepEqual(names("te", ROOMS, []), ["Tea", "Team", "Templates", "Green tea"]);
  });

  test("finds of equal matches first what was used last", () => {
    assert.deepEqual(names("te", ROOMS, ["templates", "green tea"]), ["Templates", "Tea", "Team", "Green tea"]);
  });

  test("finds a person before the groups that they are in, also when a group was used last", () => {
    const group = { ...person("Ann, Bob Ångström", "ann bob"), key: "group", others: 2 };
    const all = [group, person("Bob Ångström", "bob")];
    for (const query of ["angs", "bob", "bå"]) {
      assert.deepEqual(names(query, all, ["group"]), ["Bob Ångström", "Ann, Bob Ångström"], query);
    }
    assert.deepEqual(names("ann bob", all, []), ["Ann, Bob Ångström"]);
  });

  test("finds people by name and by handle", () => {
    const people = [person("Ann Lee", "ann"), person("Bob Stone", "builder")];
    assert.deepEqual(names("al", people, []), ["Ann Lee"]);
    assert.deepEqual(names("build", people, []), ["Bob Stone"]);
    assert.deepEqual(findEntries("build", people, [])[0].ranges, []);
  });

  test("finds only rooms after #, and only people after @", () => {
    const all = [room("Anna's room"), person("Anna", "anna")];
    assert.deepEqual(names("#anna", all, []), ["Anna's room"]);
    assert.deepEqual(names("@anna", all, []), ["Anna"]);
    assert.deepEqual(names("@", all, []), ["Anna"]);
  });

  test("lists what the page and the server both know once", () => {
    assert.deepEqual(names("tea", [room("Tea"), room("Tea")], []), ["Tea"]);
  });
});

describe("the rooms that were used last", () => {
  test("are stored for the person's tabs, the latest first, each once, not without end", () => {
    const storage = aStorage();
    const recent = new RecentRooms(storage, "u:1");
    for (const slug of ["tea", "garden", "tea"]) recent.add(slug);
    assert.deepEqual(new RecentRooms(storage, "u:1").all, ["tea", "garden"]);
    assert.deepEqual(new RecentRooms(storage, "u:2").all, []);
    for (let at = 0; at < 100; at++) recent.add(`room-${at}`);
    assert.equal(recent.all.length, 30);
    assert.equal(recent.all[0], "room-99");
  });

  test("are none where the storage holds something else", () => {
    const storage = aStorage();
    const recent = new RecentRooms(storage, "u:1");
    for (const text of ["{", '{"a":1}', "[1,null]", '"tea"']) {
      storage.setItem("parley.recent.u:1", text);
      assert.deepEqual(recent.all, []);
    }
  });
});
