/** What a person can try when a search has found nothing: which tips fit the query, and the query that each makes of it. Pure. */

import { withoutPart } from "./query_text.js";

/**
 * @import { SearchFilter } from "../wire.d.ts"
 *
 * @typedef {{query: string, answer: {filters: SearchFilter[]}}} Asked
 */

const QUOTES = /["“”„‟＂]/g;
/** What means something else than words. */
const SYNTAX = /["“”„‟＂*:|-]|\bOR\b/;
/** A few words only: more would be a sentence. */
const MOST_OR_WORDS = 6;

/** @param {Asked} asked @returns {Record<string, boolean>} by the name of a tip, whether it fits */
export function tipsFor({ query, answer: { filters } }) {
  const { length } = wordsOf(query);
  const isPlain = filters.length === 0 && !SYNTAX.test(query);
  return {
    spelling: true,
    quotes: query.search(QUOTES) >= 0,
    filters: filters.length > 0,
    or: isPlain && length > 1 && length <= MOST_OR_WORDS,
    rooms: true,
  };
}

/** @param {string} how the name of a tip with a button @param {Asked} asked @returns {string} the query to try */
export function anotherQuery(how, { query, answer }) {
  if (how === "quotes") return query.replace(QUOTES, "");
  if (how === "or") return wordsOf(query).join(" OR ");
  // From the end, so that the places of the others stay right.
  const filters = [...answer.filters].sort((a, b) => b.start - a.start);
  return filters.reduce((text, { start, end }) => withoutPart(text, start, end), query);
}

/** @param {string} query */
function wordsOf(query) {
  return query.trim().split(/\s+/);
}
