/** How well names fit what is typed in the composer, and which of them are offered first. Pure. */

import { nameMatcher } from "../name_match.js";

/** @import { Range } from "../name_match.js" */

/** How many options a list has at most. */
export const MAX_OPTIONS = 8;

/**
 * How well a name or a handle fits; names with typing errors and queries of several words only by the name.
 * @param {string} query
 * @param {string} name
 * @param {string} handle
 * @returns {{rank: number, ranges: Range[]} | null}
 */
export function bestMatch(query, name, handle) {
  const match = nameMatcher(query);
  const [byName, byHandle] = [match(name), match(handle)];
  const isSentence = query.includes(" ");
  // What follows a name is the text of the message, unless it goes on with the name.
  if (isSentence) return byName && byName.rank <= 1 ? byName : null;
  if (byHandle && !(byName && byName.rank <= byHandle.rank)) return { rank: byHandle.rank, ranges: [] };
  return byName;
}

/** For `sort`: by the first number, then by the second … @param {readonly number[]} a @param {readonly number[]} b */
export function compareOrder(a, b) {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
