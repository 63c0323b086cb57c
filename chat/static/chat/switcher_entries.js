/**
 * What the quick switcher lists for what was typed: rooms, people, then anything else that a query can lead to. Pure.
 */

import { nameMatcher } from "./name_match.js";

/**
 * @import { Range } from "./name_match.js"
 *
 * @typedef {object} Candidate
 * @property {string} key the same candidate has the same key, from wherever it comes
 * @property {"room" | "person"} type
 * @property {string} name
 * @property {string} [handle] another name by which it is found
 * @property {number} [others] of a direct room: how many other people are in it
 * @property {number} [unread]
 * @property {number} [mentions]
 *
 * @typedef {{ranges: Range[]}} Found `ranges`: what of the name was matched
 */

/** As many as one sees without scrolling. */
const MAX_ENTRIES = 12;
/** Added to the rank of a group: less than the difference to a worse kind of match. */
const BEHIND_PEOPLE = 0.5;
/** What a query may begin with, to find only rooms or only people. */
const SIGNS = new Map([
  ["#", "room"],
  ["@", "person"],
]);

/**
 * The candidates that a query finds, the best first. Equally good ones: first those that were used last, then those
 * with unread messages, then the shorter name. Without a query: mentions and unread messages first, then what was used
 * last, then all by name.
 * @template {Candidate} Entry
 * @param {string} query
 * @param {readonly Entry[]} candidates
 * @param {readonly string[]} recent keys, the latest first
 * @returns {(Entry & Found)[]}
 */
export function findEntries(query, candidates, recent) {
  const type = SIGNS.get(query.trim()[0] ?? "");
  const text = (type ? query.trim().slice(1) : query).trim();
  const match = nameMatcher(text);
  const places = new Map(recent.map((key, at) => [key, at]));
  const unique = new Map(candidates.map((each) => [each.key, each]));
  const matching = [...unique.values()]
    .filter((each) => !type || each.type === type)
    .flatMap((each) => {
      const found = text ? bestMatch(match, each) : { rank: urgency(each), ranges: [] };
      return found ? [{ each, found, place: places.get(each.key) ?? Infinity }] : [];
    });
  matching.sort(
    (a, b) =>
      a.found.rank - b.found.rank ||
      compare(a.place, b.place) ||
      urgency(a.each) - urgency(b.each) ||
      (text ? a.each.name.length - b.each.name.length : 0) ||
      a.each.name.localeCompare(b.each.name),
  );
  return matching.slice(0, MAX_ENTRIES).map(({ each, found }) => ({ ...each, ranges: found.ranges }));
}

/** @param {ReturnType<typeof nameMatcher>} match @param {Candidate} candidate */
function bestMatch(match, { name, handle, others = 1 }) {
  const byName = match(name);
  const byHandle = handle ? match(handle) : null;
  const isByHandle = byHandle && !(byName && byName.rank <= byHandle.rank);
  const best = isByHandle ? { ...byHandle, ranges: [] } : byName;
  // Who types a name looks for the person first, not for the groups that they are in.
  return best && { ...best, rank: best.rank + (others > 1 ? BEHIND_PEOPLE : 0) };
}

/** @param {Candidate} candidate @returns {number} 0 for mentions of the person, 1 for unread messages, 2 for nothing */
function urgency({ unread = 0, mentions = 0 }) {
  if (mentions) return 0;
  return unread ? 1 : 2;
}

/** Compare two places. The difference of two infinite ones would be NaN. @param {number} a @param {number} b */
function compare(a, b) {
  return a === b ? 0 : a - b;
}
