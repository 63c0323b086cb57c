/** What the field of the search offers for the word that is being typed: operators, people, rooms, dates, kinds. Pure. */

import { nameMatcher } from "../name_match.js";

/**
 * @import { Typed } from "./query_text.js"
 *
 * @typedef {"person" | "room" | "date" | "has" | "is" | "ext" | "text"} ValueKind
 *
 * @typedef {object} Named something with a name that can be the value of a filter
 * @property {string} name
 * @property {string} value as it stands in the query
 * @property {string} [detail]
 * @property {string} [key] of a person, for the colour of the picture
 * @property {string | null} [picture]
 * @property {string} [roomKind]
 *
 * @typedef {object} Suggestion
 * @property {string} operator
 * @property {string} value "" if only the operator is offered
 * @property {Named | null} named
 *
 * @typedef {{people: readonly Named[], rooms: readonly Named[]}} Known
 */

const MOST = 7;
/** Of people and of rooms, for a word without an operator. */
const MOST_FOR_WORD = 2;
/** A shorter word is the beginning of too many names. */
const SHORTEST_WORD = 2;
/** The worst rank of name_match.js at which a name is offered for a word without an operator: words of it begin so. */
const BEGINNINGS = 2;

/** Which values each operator takes. The first spelling of several is the one that is offered. @type {Map<string, ValueKind>} */
export const OPERATORS = new Map([
  ["from", "person"],
  ["sender", "person"],
  ["in", "room"],
  ["channel", "room"],
  ["with", "person"],
  ["mentions", "person"],
  ["has", "has"],
  ["is", "is"],
  ["before", "date"],
  ["after", "date"],
  ["on", "date"],
  ["during", "date"],
  ["since", "date"],
  ["until", "date"],
  ["ext", "ext"],
  ["file", "text"],
]);
/** Other spellings are understood, but not offered. */
const NOT_OFFERED = new Set(["sender", "channel", "since", "until"]);
/** @type {Record<"has" | "is" | "ext" | "date", readonly string[]>} */
const VALUES = {
  has: ["link", "image", "file", "code", "reaction", "pin", "poll", "video", "audio"],
  is: ["unread", "mention", "saved", "thread", "dm"],
  ext: ["pdf", "docx", "xlsx", "pptx", "txt", "md", "csv", "png", "jpg", "zip"],
  date: ["today", "yesterday", "this-week", "last-week", "this-month", "last-month"],
};
export const OPERATOR_NAMES = new Set(OPERATORS.keys());

/** @param {Typed} typed @param {Known} known @returns {Suggestion[]} the best first */
export function suggestionsFor({ operator, value }, known) {
  const kind = OPERATORS.get(operator);
  if (kind === undefined) return forWord(value, known);
  if (kind === "text") return [];
  if (kind === "person" || kind === "room") {
    const candidates = kind === "person" ? known.people : known.rooms;
    return bestOf(value.replace(/^[@#]/, ""), candidates, MOST).map((named) => ({ operator, value: named.value, named }));
  }
  const folded = value.toLowerCase();
  const fitting = VALUES[kind].filter((each) => each.startsWith(folded) && each !== folded);
  return fitting.slice(0, MOST).map((each) => ({ operator, value: each, named: null }));
}

/** @param {string} word @param {Known} known @returns {Suggestion[]} */
function forWord(word, { people, rooms }) {
  const folded = word.toLowerCase();
  if (!folded) return [];
  const offered = [...OPERATORS.keys()].filter((name) => name.startsWith(folded) && !NOT_OFFERED.has(name));
  /** @type {Suggestion[]} */
  const found = offered.map((operator) => ({ operator, value: "", named: null }));
  if (folded.length < SHORTEST_WORD) return found.slice(0, MOST);
  const sign = word[0];
  const name = word.replace(/^[@#]/, "");
  if (sign !== "#") {
    for (const named of bestOf(name, people, MOST_FOR_WORD, BEGINNINGS)) found.push({ operator: "from", value: named.value, named });
  }
  if (sign !== "@") {
    for (const named of bestOf(name, rooms, MOST_FOR_WORD, BEGINNINGS)) found.push({ operator: "in", value: named.value, named });
  }
  return found.slice(0, MOST);
}

/** @param {string} query @param {readonly Named[]} candidates @param {number} most @param {number} [worst] rank */
function bestOf(query, candidates, most, worst = Infinity) {
  if (!query) return candidates.slice(0, most);
  const match = nameMatcher(query);
  const ranked = candidates.flatMap((each) => {
    const ranks = [match(each.name), match(each.value)].flatMap((found) => (found ? [found.rank] : []));
    const rank = Math.min(...ranks);
    return ranks.length && rank <= worst ? [{ each, rank }] : [];
  });
  ranked.sort((a, b) => a.rank - b.rank || a.each.name.length - b.each.name.length);
  return ranked.slice(0, most).map(({ each }) => each);
}
