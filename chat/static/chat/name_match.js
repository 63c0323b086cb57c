/**
 * Finds names by what a person types: the beginning, beginnings of words, initials, a part, or with typing errors. Upper
 * and lower case, accents and signs between words do not matter. Pure.
 */

/**
 * @typedef {[from: number, to: number]} Range a part of a text, as in `slice`
 *
 * @typedef {object} Match
 * @property {number} rank 0 for the same name; the higher, the less alike
 * @property {Range[]} ranges what was matched of the name, in order; with typing errors the whole words
 *
 * @typedef {object} Word
 * @property {string} text folded
 * @property {number} from its place in the name
 * @property {number} to
 */

const RANK = { same: 0, start: 1, words: 2, initials: 3, inside: 4, mistyped: 5 };
/** Shorter words are not searched with typing errors: almost everything would be found. */
const SHORTEST_MISTYPED = 4;
/** A word of this length may have two errors. */
const LONG_WORD = 8;
const MAX_QUERY = 80;
const ASCII = /^[\x20-\x7e]*$/;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/**
 * A function that compares names with a query.
 * @param {string} query as it was typed
 * @returns {(name: string) => Match | null} null when they are not alike
 */
export function nameMatcher(query) {
  const asked = wordsOf(query.slice(0, MAX_QUERY)).map(({ text }) => text);
  return (name) => {
    const words = wordsOf(name);
    if (!asked.length || !words.length) return null;
    for (const compare of [byStart, byWords, byInitials, byPart, byMistyped]) {
      const match = compare(asked, words);
      if (match) return match;
    }
    return null;
  };
}

/** A word without case and accents; letters that only look different are the same. @param {string} text */
export function fold(text) {
  if (ASCII.test(text)) return text.toLowerCase();
  return text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase().replaceAll("ß", "ss");
}

/** @param {string} text @returns {Word[]} */
function wordsOf(text) {
  const found = [...text.matchAll(WORD)].map(({ 0: word, index }) => ({
    text: fold(word),
    from: index,
    to: index + word.length,
  }));
  return found.filter((word) => word.text);
}

/**
 * The query is the name, or its beginning. Spaces do not matter.
 * @param {string[]} asked
 * @param {Word[]} words
 * @returns {Match | null}
 */
function byStart(asked, words) {
  const query = asked.join("");
  const name = words.map(({ text }) => text).join("");
  if (!name.startsWith(query)) return null;
  return { rank: name === query ? RANK.same : RANK.start, ranges: rangesOf(words, 0, query.length) };
}

/**
 * Each word of the query is the beginning of another word of the name.
 * @param {string[]} asked
 * @param {Word[]} words
 * @returns {Match | null}
 */
function byWords(asked, words) {
  const left = new Set(words);
  /** @type {Range[]} */
  const ranges = [];
  for (const each of asked) {
    const word = [...left].find(({ text }) => text.startsWith(each));
    if (!word) return null;
    left.delete(word);
    ranges.push(partOf(word, 0, each.length));
  }
  return { rank: RANK.words, ranges: inOrder(ranges) };
}

/**
 * The letters of the query are the first letters of words that follow each other in the name.
 * @param {string[]} asked
 * @param {Word[]} words
 * @returns {Match | null}
 */
function byInitials(asked, words) {
  const query = [...asked.join("")];
  if (query.length < 2) return null;
  const initials = words.map(({ text }) => [...text][0]);
  const first = initials.findIndex((_, at) => query.every((letter, offset) => initials[at + offset] === letter));
  if (first < 0) return null;
  const found = words.slice(first, first + query.length);
  return { rank: RANK.initials, ranges: found.map((word) => partOf(word, 0, [...word.text][0]?.length ?? 1)) };
}

/**
 * The query is a part of the name, perhaps across words.
 * @param {string[]} asked
 * @param {Word[]} words
 * @returns {Match | null}
 */
function byPart(asked, words) {
  const query = asked.join("");
  const at = words.map(({ text }) => text).join("").indexOf(query);
  return at < 0 ? null : { rank: RANK.inside, ranges: rangesOf(words, at, at + query.length) };
}

/**
 * Each word of the query is, with a few typing errors, the beginning of another word of the name.
 * @param {string[]} asked
 * @param {Word[]} words
 * @returns {Match | null}
 */
function byMistyped(asked, words) {
  const left = new Set(words);
  /** @type {Range[]} */
  const ranges = [];
  let errors = 0;
  for (const each of asked) {
    const allowed = each.length < SHORTEST_MISTYPED ? 0 : each.length < LONG_WORD ? 1 : 2;
    const counted = [...left].map((word) => ({ word, count: errorsIn(each, word.text, allowed) }));
    const [best] = counted.filter(({ count }) => count <= allowed).sort((a, b) => a.count - b.count);
    if (!best) return null;
    left.delete(best.word);
    errors += best.count;
    ranges.push([best.word.from, best.word.to]);
  }
  return { rank: RANK.mistyped + errors / 10, ranges: inOrder(ranges) };
}

/**
 * How many letters were typed too much, left out, changed or swapped with the next one, in the beginning of a word:
 * optimal string alignment, the smallest distance to any beginning.
 * @param {string} typed
 * @param {string} word
 * @param {number} allowed more is not counted
 * @returns {number}
 */
function errorsIn(typed, word, allowed) {
  const width = Math.min(word.length, typed.length + allowed);
  if (width < typed.length - allowed) return Infinity;
  /** @type {number[]} */
  let before = [];
  let above = Array.from({ length: width + 1 }, (_, column) => column);
  for (let row = 1; row <= typed.length; row++) {
    const line = [row];
    for (let column = 1; column <= width; column++) {
      const isOther = typed[row - 1] !== word[column - 1];
      let count = Math.min(at(above, column) + 1, at(line, column - 1) + 1, at(above, column - 1) + Number(isOther));
      const isSwapped = typed[row - 1] === word[column - 2] && typed[row - 2] === word[column - 1];
      if (isSwapped) count = Math.min(count, at(before, column - 2) + 1);
      line.push(count);
    }
    // The count never falls from one letter to the next.
    if (Math.min(...line) > allowed) return Infinity;
    [before, above] = [above, line];
  }
  return Math.min(...above);
}

/** @param {number[]} counts @param {number} column */
function at(counts, column) {
  return counts[column] ?? Infinity;
}

/**
 * Where a part of the joined words is in the name.
 * @param {Word[]} words
 * @param {number} from
 * @param {number} to
 */
function rangesOf(words, from, to) {
  /** @type {Range[]} */
  const ranges = [];
  let start = 0;
  for (const word of words) {
    const [first, end] = [Math.max(from - start, 0), Math.min(to - start, word.text.length)];
    if (first < end) ranges.push(partOf(word, first, end));
    start += word.text.length;
  }
  return ranges;
}

/**
 * Where a part of a folded word is in the name: the whole word, if folding has changed its length.
 * @param {Word} word
 * @param {number} from
 * @param {number} to
 * @returns {Range}
 */
function partOf({ text, from: start, to: end }, from, to) {
  if (text.length !== end - start) return [start, end];
  return [start + from, start + to];
}

/** @param {Range[]} ranges */
function inOrder(ranges) {
  return ranges.sort(([a], [b]) => a - b);
}
