import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";

import { storage as aStorage } from "../../static/chat/browser.js";
import { filterText, partOf, replaceTyped, typedAt, withWord, withoutPart } from "../../static/chat/search/query_text.js";
import { RecentSearches } from "../../static/chat/search/recent_searches.js";
import { Search } from "../../static/chat/search/search.js";
import { OPERATOR_NAMES, suggestionsFor } from "../../static/chat/search/suggestions.js";
import { releaseClock, stopClock, tick } from "./clock.js";

/** The word at `|` in a text. @param {string} text */
const typed = (text) => typedAt(text.replace("|", ""), text.indexOf("|"), OPERATOR_NAMES);

describe("the word that is being typed", () => {
  for (const [text, operator, value, isNegated] of /** @type {[string, string, string, boolean][]} */ ([
    ["|", "", "", false],
    ["tea fro|", "", "fro", false],
    ["tea from:al|ice", "from", "al", false],
    ["-from:al|", "from", "al", true],
    ["FROM：al|", "from", "al", false],
    ["12:3|", "", "12:3", false],
    ['in:"green te|', "in", "green te", false],
    ['"green te|', "", "green te", false],
    ['"green tea" ca|', "", "ca", false],
  ])) {
    test(`in ${text}`, () => {
      const found = typed(text);
      assert.deepEqual([found.operator, found.value, found.isNegated], [operator, value, isNegated]);
    });
  }

  test("is replaced by a suggestion, and the rest stays", () => {
    const replace = (text, word, isFinished) => replaceTyped(text.replace("|", ""), typed(text), word, isFinished);
    assert.deepEqual(replace("tea fro|", "from:", false), { text: "tea from:", cursor: 9 });
    assert.deepEqual(replace("tea -from:al| cake", "from:alice", true), { text: "tea -from:alice cake", cursor: 16 });
  });
});

describe("a text of a query", () => {
  test("gets filters, with quotation marks around values with spaces", () => {
    assert.equal(filterText("from", "alice"), "from:alice");
    assert.equal(filterText("in", 'green "tea"'), 'in:"green  tea "');
    assert.equal(withWord("tea ", "from:"), "tea from:");
    assert.equal(withWord("  ", "from:"), "from:");
  });

  test("loses a part at a place that the server counted in code points", () => {
    assert.equal(partOf("🎂🎂 from:me x", 3, 10), "from:me");
    assert.equal(withoutPart("🎂🎂 from:me x", 3, 10), "🎂🎂 x");
    assert.equal(withoutPart("from:me", 0, 7), "");
  });
});

describe("suggestions", () => {
  const people = [
    { name: "Me", value: "me" },
    { name: "Alice Adler", value: "alice" },
    { name: "Bob", value: "bob" },
  ];
  const rooms = [{ name: "General", value: "general" }, { name: "Garden", value: "garden" }];
  const offered = (text) =>
    suggestionsFor(typed(`${text}|`), { people, rooms }).map(({ operator, value }) => `${operator}:${value}`);

  test("for an operator are its values", () => {
    assert.deepEqual(offered("from:"), ["from:me", "from:alice", "from:bob"]);
    assert.deepEqual(offered("sender:@al"), ["sender:alice"]);
    assert.deepEqual(offered("in:#gar"), ["in:garden"]);
    assert.deepEqual(offered("has:i"), ["has:image"]);
    assert.deepEqual(offered("has:image"), []);
    assert.deepEqual(offered("before:la"), ["before:last-week", "before:last-month"]);
    assert.deepEqual(offered("file:x"), []);
  });

  test("for a word are operators, people and rooms that begin so", () => {
    assert.deepEqual(offered("f"), ["from:", "file:"]);
    assert.deepEqual(offered("al"), ["from:alice"]);
    assert.deepEqual(offered("adler"), ["from:alice"]);
    assert.deepEqual(offered("ga"), ["in:garden"]);
    assert.deepEqual(offered("zzz"), []);
    assert.deepEqual(offered(""), []);
  });
});

describe("recent searches", () => {
  test("are the last ones, each once, and can be forgotten", () => {
    const storage = aStorage();
    const recent = new RecentSearches(storage, "u:1");
    for (let at = 0; at < 20; at++) recent.add(`tea ${at}`);
    recent.add(" tea 15 ");
    recent.add("  ");
    assert.deepEqual(recent.all.slice(0, 3), ["tea 15", "tea 19", "tea 18"]);
    assert.equal(recent.all.length, 8);
    recent.remove("tea 19");
    assert.deepEqual(new RecentSearches(storage, "u:1").all.slice(0, 2), ["tea 15", "tea 18"]);
    assert.deepEqual(new RecentSearches(storage, "u:2").all, []);
  });
});

describe("a search", () => {
  const urls = { search: "/search/", search_results: "/search/results/" };
  const hit = (id, room = "tea") => ({ id, room });
  const answer = (ids, next = null) => ({
    ...{ hits: ids.map((id) => hit(id)), rooms: [{ slug: "tea" }], next, filters: [], problems: [], is_empty: false },
  });
  let asked, search, reply;

  beforeEach(() => {
    stopClock();
    asked = [];
    const ask = async (url, { signal }) => {
      const { searchParams } = new URL(url, "https://x");
      asked.push([searchParams.get("q"), searchParams.get("after") ?? searchParams.get("message")]);
      const [status, body, headers = {}] = await reply(searchParams, signal);
      return { ok: status === 200, status, headers: new Headers(headers), json: async () => body };
    };
    reply = async () => [200, answer([3, 2, 1])];
    search = new Search(urls, /** @type {any} */ (ask));
  });
  afterEach(releaseClock);

  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const ids = () => search.hits.map(({ id }) => id);

  test("asks once when the person pauses", async () => {
    for (const text of ["t", "te", "tea"]) search.type(text);
    assert.ok(search.isAsking);
    tick(1000);
    await settled();
    assert.deepEqual([asked, ids(), search.isAsking], [[["tea", null]], [3, 2, 1], false]);
  });

  test("shows the former results until the answer to the new query is there, and never an older answer", async () => {
    search.set({ query: "tea" });
    await settled();
    let arrive;
    reply = () => new Promise((resolve) => (arrive = () => resolve([200, answer([9])])));
    search.set({ query: "cake" });
    const late = arrive;
    reply = async () => [200, answer([7])];
    search.set({ query: "cakes" });
    assert.deepEqual(ids(), [3, 2, 1]);
    await settled();
    late();
    await settled();
    assert.deepEqual(ids(), [7]);
  });

  test("appends further pages, each hit once", async () => {
    reply = async (parameters) => [200, parameters.get("after") ? answer([2, 1]) : answer([3, 2], "c")];
    search.set({ query: "tea" });
    await settled();
    await Promise.all([search.more(), search.more()]);
    await search.more();
    assert.deepEqual([ids(), asked], [[3, 2, 1], [["tea", null], ["tea", "c"]]]);
  });

  test("of a very long query the server and the address get the beginning", async () => {
    search.set({ query: "好".repeat(8000) });
    await settled();
    assert.deepEqual(asked.map(([query]) => query.length), [1001]);
    assert.equal(new URLSearchParams(search.address.split("?")[1]).get("q").length, 1001);
  });

  test("an empty query asks nothing and finds nothing", async () => {
    search.set({ query: "tea" });
    await settled();
    search.type("  ");
    tick(1000);
    assert.deepEqual([ids(), asked.length, search.isAsking], [[], 1, false]);
  });

  test("keeps what was found when a further page fails, and says why", async () => {
    reply = async () => [200, answer([3], "c")];
    search.set({ query: "tea" });
    await settled();
    reply = async () => [429, { code: "slow_down", detail: "Wait a moment." }];
    await search.more();
    assert.deepEqual([ids(), search.hasFailed, search.failure], [[3], true, "Wait a moment."]);
    reply = async () => {
      throw new TypeError("no network");
    };
    search.set({ query: "cake" });
    await settled();
    assert.deepEqual([search.hasFailed, search.failure], [true, ""]);
  });

  test("asks again, without a word, when a former search of the person is still under way", async () => {
    reply = async () => [429, { code: "slow_down", detail: "Wait a moment." }, { "retry-after": "1" }];
    search.set({ query: "tea" });
    await settled();
    assert.deepEqual([search.isAsking, search.hasFailed], [true, false]);
    reply = async () => [200, answer([3])];
    tick(1000);
    await settled();
    assert.deepEqual([ids(), asked.length, search.isAsking], [[3], 2, false]);
    reply = async () => [429, { code: "slow_down", detail: "Wait a minute." }, { "retry-after": "60" }];
    search.set({ query: "cake" });
    await settled();
    assert.deepEqual([asked.length, search.failure], [3, "Wait a minute."]);
  });

  test("another query ends the wait for the former one, and the questions have an end", async () => {
    reply = async () => [429, { code: "slow_down", detail: "Wait a moment." }, { "retry-after": "1" }];
    search.set({ query: "tea" });
    await settled();
    search.set({ query: "cake" });
    for (let second = 0; second < 10; second++) {
      await settled();
      tick(1000);
    }
    await settled();
    assert.deepEqual(asked.map(([query]) => query), ["tea", ...Array(6).fill("cake")]);
    assert.deepEqual([search.hasFailed, search.isAsking], [true, false]);
  });

  test("has an address that can be shared", () => {
    assert.equal(search.address, "/search/");
    search.set({ query: "茶 from:me", order: "best" });
    assert.equal(search.address, "/search/?q=%E8%8C%B6+from%3Ame&order=best");
  });

  test("asks again for hits whose messages were edited, one after the other", async () => {
    search.set({ query: "tea" });
    await settled();
    const edited = { ...hit(2), text: "edited" };
    reply = async (parameters) => [200, { ...answer([]), hits: parameters.get("message") === "2" ? [edited] : [] }];
    search.renew(({ id }) => id === 2);
    search.renew(({ id }) => id < 3);
    search.renew(({ id }) => id === 99);
    for (let second = 0; second < 5; second++) {
      tick(1000);
      await settled();
    }
    assert.deepEqual(asked.slice(1), [["tea", "2"], ["tea", "1"]]);
    assert.deepEqual(search.hits, [hit(3), edited]);
  });

  test("asks again for the first page, and keeps what that says nothing of", async () => {
    reply = async () => [200, { ...answer([9, 7, 5, 3]), next: "0.3" }];
    search.set({ query: "tea" });
    await settled();
    const [kept] = search.hits;
    const edited = { ...hit(7), text: "edited" };
    reply = async () => [200, { ...answer([]), hits: [hit(11), hit(9), edited, hit(4)], next: "0.4" }];
    await search.recheck();
    assert.deepEqual([search.hits, asked.length], [[hit(9), edited, hit(3)], 2]);
    assert.equal(search.hits[0], kept);
    reply = async () => [200, { ...answer([]), hits: [hit(3)], next: "0.3" }];
    search.order = "best";
    await search.recheck();
    assert.deepEqual(ids(), [9, 7, 3]);
    reply = async () => [200, { ...answer([3]), next: null }];
    await search.recheck();
    assert.deepEqual(ids(), [3]);
    reply = async () => [429, { code: "slow_down", detail: "" }];
    await search.recheck();
    assert.deepEqual([ids(), search.hasFailed], [[3], false]);
  });

  test("an edit is asked for again after a refusal, and another query makes it needless", async () => {
    search.set({ query: "tea" });
    await settled();
    reply = async () => [429, { code: "slow_down", detail: "" }, { "retry-after": "1" }];
    search.renew(({ id }) => id === 2);
    tick(1000);
    await settled();
    reply = async () => [200, answer([])];
    tick(3000);
    await settled();
    assert.deepEqual([ids(), asked.length], [[3, 1], 3]);
    search.renew(({ id }) => id === 1);
    reply = async () => [200, answer([7])];
    search.set({ query: "cake" });
    await settled();
    tick(9000);
    await settled();
    assert.deepEqual([ids(), asked.length], [[7], 4]);
  });

  test("asks for no hits again while it asks for others, or has none", async () => {
    await search.recheck();
    assert.deepEqual(asked, []);
    search.set({ query: "tea" });
    await settled();
    search.type("teapot");
    search.renew(() => true);
    await search.recheck();
    tick(100);
    assert.equal(asked.length, 1);
    // The query is on its way, and the time for the edited hits is over.
    tick(500);
    assert.equal(asked.length, 2);
    for (let second = 0; second < 9; second++) {
      tick(1000);
      await settled();
    }
    assert.deepEqual(asked.map(([query, message]) => [query, message]), [["tea", null], ["teapot", null], ...[3, 2, 1].map((id) => ["teapot", String(id)])]);
  });

  test("takes no answer about the hits of an earlier query", async () => {
    search.set({ query: "tea" });
    await settled();
    const answers = [];
    reply = () => new Promise((resolve) => answers.push(resolve));
    const rechecked = search.recheck();
    search.renew(({ id }) => id === 2);
    tick(1000);
    search.order = "best";
    for (const each of answers) each([200, answer([])]);
    await rechecked;
    await settled();
    assert.deepEqual([answers.length, ids()], [2, [3, 2, 1]]);
  });

  test("forgets the hits of a room that the person may no longer see", async () => {
    reply = async () => [200, { ...answer([3]), hits: [hit(3), hit(2, "den")] }];
    search.set({ query: "tea" });
    await settled();
    search.drop(({ room }) => room === "den");
    assert.deepEqual(ids(), [3]);
  });
});
