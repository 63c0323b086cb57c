/** The difference of two texts, word by word. Pure. */

/** @typedef {{kind: "same" | "removed" | "added", text: string}} Part */

/** Above this product of the numbers of words, what lies between the common beginning and end is replaced as a whole. */
const MAX_COMPARISONS = 1_000_000;

/**
 * The parts of both texts, in order: what is `removed` comes before what is `added` in its place. The parts without the
 * added ones are `before`; without the removed ones, `after`.
 * @param {string} before
 * @param {string} after
 * @returns {Part[]}
 */
export function textDiff(before, after) {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const [oldMiddle, newMiddle] = [old.slice(start, old.length - end), now.slice(start, now.length - end)];
  /** @type {Part[]} */
  const parts = [];
  push(parts, "same", old.slice(0, start));
  if (oldMiddle.length * newMiddle.length > MAX_COMPARISONS) {
    push(parts, "removed", oldMiddle);
    push(parts, "added", newMiddle);
  } else {
    compare(oldMiddle, newMiddle, parts);
  }
  push(parts, "same", old.slice(old.length - end));
  return parts;
}

/** Words, signs and white space; a Chinese or Japanese character is a word. @param {string} text @returns {string[]} */
function wordsOf(text) {
  return text.match(/\s+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}\p{M}_]+|./gsu) ?? [];
}

/** By their longest common subsequence. @param {string[]} old @param {string[]} now @param {Part[]} parts */
function compare(old, now, parts) {
  const width = now.length + 1;
  // The length of the longest common subsequence of the words from `a` in `old` and from `b` in `now`.
  const lengths = new Uint16Array((old.length + 1) * width);
  /** @param {number} a @param {number} b */
  const length = (a, b) => lengths[a * width + b] ?? 0;
  for (let a = old.length - 1; a >= 0; a -= 1) {
    for (let b = now.length - 1; b >= 0; b -= 1) {
      lengths[a * width + b] = old[a] === now[b] ? length(a + 1, b + 1) + 1 : Math.max(length(a + 1, b), length(a, b + 1));
    }
  }
  let [a, b] = [0, 0];
  while (a < old.length || b < now.length) {
    if (a < old.length && b < now.length && old[a] === now[b]) {
      push(parts, "same", [old[a++] ?? ""]);
      b += 1;
    } else if (a < old.length && (b === now.length || length(a + 1, b) >= length(a, b + 1))) {
      push(parts, "removed", [old[a++] ?? ""]);
    } else {
      push(parts, "added", [now[b++] ?? ""]);
    }
  }
}

/** @param {Part[]} parts @param {Part["kind"]} kind @param {string[]} words */
function push(parts, kind, words) {
  if (!words.length) return;
  const last = parts.at(-1);
  if (last?.kind === kind) last.text += words.join("");
  else parts.push({ kind, text: words.join("") });
}
