import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { nameMatcher } from "../../static/chat/name_match.js";

/** What of the name was matched, in brackets; null for no match. */
function marked(query, name) {
  const match = nameMatcher(query)(name);
  if (!match) return null;
  let text = "";
  let from = 0;
  for (const [start, end] of match.ranges) {
    text += `${name.slice(from, start)}[${name.slice(start, end)}]`;
    from = end;
  }
  return text + name.slice(from);
}

describe("a name is found by", () => {
  for (const [how, query, name, expected] of [
    ["itself", "tea", "Tea", "[Tea]"],
    ["its beginning", "te", "Tea room", "[Te]a room"],
    ["its beginning, across a space", "tea r", "Tea room", "[Tea] [r]oom"],
    ["its beginning, without the space", "tearo", "Tea room", "[Tea] [ro]om"],
    ["the beginning of a word", "ro", "Tea room", "Tea [ro]om"],
    ["the beginnings of words, in any order", "room te", "Tea room", "[Te]a [room]"],
    ["words between other signs", "ops dev", "dev-ops_team", "[dev]-[ops]_team"],
    ["initials", "gd", "General Discussion", "[G]eneral [D]iscussion"],
    ["initials of later words", "ds", "The Data Science", "The [D]ata [S]cience"],
    ["a part", "eer", "Engineers", "Engin[eer]s"],
    ["letters without accents", "cafe", "Café Zürich", "[Café] Zürich"],
    ["letters with other accents", "ZURICH", "Café zu̇rich", "Café [zu̇rich]"],
    ["a part in Chinese", "讨论", "产品讨论组", "产品[讨论]组"],
    // Its letters are compared one by one, and a syllable has several: the word is marked.
    ["the beginning in Korean", "공", "공지사항", "[공지사항]"],
    ["a number", "7", "Team 7", "Team [7]"],
    ["a swapped letter", "enigneer", "Engineers", "[Engineers]"],
    ["a missing letter", "desgn", "Design", "[Design]"],
    ["a letter too much", "deesign", "Design", "[Design]"],
    ["another letter", "dezign", "Design", "[Design]"],
    ["another first letter", "besign", "Design", "[Design]"],
    ["two errors in a long word", "anouncemants", "Announcements", "[Announcements]"],
    ["an error in a later word", "tea ruom", "Tea room", "[Tea] [room]"],
  ]) {
    test(how, () => assert.equal(marked(query, name), expected));
  }
});

describe("a name is not found by", () => {
  for (const [how, query, name] of [
    ["nothing", "", "Tea"],
    ["signs alone", "#-", "Tea"],
    ["another word", "coffee", "Tea"],
    ["one word too much", "tea room two", "Tea room"],
    ["the same word twice", "tea tea", "Tea room"],
    ["a short word with an error", "ta", "Tea"],
    ["two errors in a short word", "dezin", "Design"],
    ["initials that do not follow each other", "gt", "General Discussion Team"],
    ["a name without letters", "tea", "🍵"],
  ]) {
    test(how, () => assert.equal(marked(query, name), null));
  }
});

test("better matches have lower ranks", () => {
  const ranks = ["Design", "Designers", "Our design", "Redesign", "Desing"].map((name) => nameMatcher("design")(name).rank);
  assert.deepEqual(ranks, [...ranks].sort((a, b) => a - b));
  assert.equal(new Set(ranks).size, ranks.length);
});

test("a long query and two thousand names take a moment", () => {
  const names = Array.from({ length: 2_000 }, (_, at) => `Some room of number ${at} with a long name`);
  const began = performance.now();
  for (const query of ["x".repeat(1_000_000), "some rom witth", "announcemant"]) names.map(nameMatcher(query));
  assert.ok(performance.now() - began < 3_000);
});
