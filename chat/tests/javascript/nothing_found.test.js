import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { anotherQuery, tipsFor } from "../../static/chat/search/nothing_found.js";

/** @import { SearchFilter } from "../../static/chat/wire.d.ts" */

/** A query, in which `from:ann` and the like are filters. @param {string} query */
function asked(query) {
  const filters = [...query.matchAll(/\w+[:：]\w+/g)].map(({ 0: { length }, index: start }) => ({ start, end: start + length }));
  return { query, answer: { filters: /** @type {SearchFilter[]} */ (filters) } };
}

/** @param {string} query */
const tips = (query) => Object.entries(tipsFor(asked(query))).flatMap(([name, fits]) => (fits ? [name] : []));

describe("after a search that found nothing, a person is told to", () => {
  for (const [query, expected] of /** @type {[string, string[]][]} */ ([
    ["tea", ["spelling", "rooms"]],
    ["green tea", ["spelling", "or", "rooms"]],
    [" green   tea ", ["spelling", "or", "rooms"]],
    ["one two three four five six seven", ["spelling", "rooms"]],
    ['"green tea"', ["spelling", "quotes", "rooms"]],
    ["„green tea“", ["spelling", "quotes", "rooms"]],
    ["tea from:ann", ["spelling", "filters", "rooms"]],
    ["green tea from：ann", ["spelling", "filters", "rooms"]],
    ["green OR black", ["spelling", "rooms"]],
    ["green -black", ["spelling", "rooms"]],
  ])) {
    test(`${query}: ${expected.join(", ")}`, () => assert.deepEqual(tips(query), expected));
  }
});

describe("the query to try is", () => {
  test("without quotes of any kind", () => {
    assert.equal(anotherQuery("quotes", asked('"green tea" „cup“')), "green tea cup");
  });

  test("with any of the words", () => {
    assert.equal(anotherQuery("or", asked(" green  tea ")), "green OR tea");
  });

  test("without its filters, wherever they are", () => {
    assert.equal(anotherQuery("filters", asked("from:ann tea in:lobby cup")), "tea cup");
  });
});
