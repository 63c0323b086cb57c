/**
 * The text of a query, as the field of the search has it: which word is being typed, and how a part is replaced, added or
 * removed. The server reads queries (chat/domain/search/query.py); this knows only where words begin and end. Pure.
 */

/**
 * @typedef {object} Typed the word at the cursor
 * @property {number} start its place in the text, with a minus before it
 * @property {number} end
 * @property {boolean} isNegated
 * @property {string} operator "" for a word
 * @property {string} value what follows the operator, or the word itself
 */

const QUOTE = /["“”„‟＂]/;
const COLON = /[:：]/;

/**
 * The word in which the cursor is, without what follows the cursor.
 * @param {string} text
 * @param {number} cursor
 * @param {ReadonlySet<string>} operators
 * @returns {Typed}
 */
export function typedAt(text, cursor, operators) {
  const start = wordStart(text, cursor);
  const isNegated = text[start] === "-" && start + 1 < cursor;
  const word = text.slice(start + (isNegated ? 1 : 0), cursor);
  const colon = word.search(COLON);
  const name = word.slice(0, Math.max(0, colon)).toLowerCase();
  const isOperator = colon > 0 && operators.has(name);
  const value = (isOperator ? word.slice(colon + 1) : word).replace(/^["“”„‟＂]/, "");
  return { start, end: cursor, isNegated, operator: isOperator ? name : "", value };
}

/** A space within a phrase belongs to the word. @param {string} text @param {number} cursor */
function wordStart(text, cursor) {
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < cursor; at++) {
    const sign = text[at] ?? "";
    if (QUOTE.test(sign)) isQuoted = !isQuoted;
    else if (!isQuoted && /\s/.test(sign)) start = at + 1;
  }
  return start;
}

/**
 * The text with another word in the place of the one that is being typed, and where the cursor is then.
 * @param {string} text
 * @param {Pick<Typed, "start" | "end" | "isNegated">} typed
 * @param {string} word
 * @param {boolean} isFinished whether a space follows
 * @returns {{text: string, cursor: number}}
 */
export function replaceTyped(text, { start, end, isNegated }, word, isFinished) {
  const rest = text.slice(end).trimStart();
  const head = `${text.slice(0, start)}${isNegated ? "-" : ""}${word}${isFinished ? " " : ""}`;
  return { text: rest && !isFinished ? `${head} ${rest}` : head + rest, cursor: head.length };
}

/** @param {string} operator @param {string} value @returns {string} a filter; values with spaces are in quotation marks */
export function filterText(operator, value) {
  const isSimple = !/[\s"“”„‟＂]/.test(value);
  return `${operator}:${isSimple ? value : `"${value.replace(/["“”„‟＂]/g, " ")}"`}`;
}

/** The text with one more word at its end. @param {string} text @param {string} word */
export function withWord(text, word) {
  return `${text.trimEnd()}${text.trim() ? " " : ""}${word}`;
}

/**
 * A part of the text. The server counts code points, JavaScript counts UTF-16 units.
 * @param {string} text @param {number} start @param {number} end
 */
export function partOf(text, start, end) {
  return [...text].slice(start, end).join("");
}

/** The text without a part. @param {string} text @param {number} start @param {number} end in code points */
export function withoutPart(text, start, end) {
  const characters = [...text];
  const before = characters.slice(0, start).join("").trimEnd();
  const after = characters.slice(end).join("").trimStart();
  return before && after ? `${before} ${after}` : before || after;
}

/** The server reads no more than this many characters of a query. One more tells it that there were more. */
const MAX_QUERY = 1000;

/** @param {string} query @returns {string} as much of it as the server needs: in an address, a character may take 12 bytes */
export function cut(query) {
  return query.length > MAX_QUERY ? [...query].slice(0, MAX_QUERY + 1).join("") : query;
}
