/**
 * What a person begins to name at the caret: a person (`@`), a room (`#`), an emoji (`:`) or a command (`/`). Pure.
 */

/**
 * @typedef {"person" | "room" | "emoji" | "command"} Kind
 *
 * @typedef {object} Trigger
 * @property {Kind} kind
 * @property {string} query what was typed after the sign
 * @property {number} from the place of the sign
 * @property {number} to the place of the caret
 */

/** A longer text after a sign is no name. */
const MAX_QUERY = 40;
/** One sign, and what may follow it. Names of people have spaces. */
const PATTERNS = /** @type {const} */ ([
  ["person", /[@＠]([\p{L}\p{M}\p{N}_.+'’·-]*(?: [\p{L}\p{M}\p{N}_.+'’·-]+){0,3} ?)$/u],
  ["room", /[#＃]([\p{L}\p{M}\p{N}_-]*)$/u],
  // One letter is not enough: people write :D and :p.
  ["emoji", /[:：]([\p{L}\p{N}_+-]{2,}|[\p{Lo}]+|[+-]1?)$/u],
]);
const COMMAND = /^\/([a-z]*)$/i;
/** Before a sign: no part of a word, an address or a number. Chinese has no spaces between words. */
const BEFORE = /(?:^|[^\p{L}\p{M}\p{N}_/.:@#+-]|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])$/u;

/**
 * @param {string} text
 * @param {number} caret
 * @returns {Trigger | null}
 */
export function triggerAt(text, caret) {
  const before = text.slice(0, caret);
  const command = COMMAND.exec(before);
  if (command) return { kind: "command", query: command[1] ?? "", from: 0, to: caret };
  const line = before.slice(before.lastIndexOf("\n") + 1);
  for (const [kind, pattern] of PATTERNS) {
    const found = pattern.exec(line.slice(-MAX_QUERY));
    if (!found) continue;
    const from = caret - found[0].length;
    const query = found[1] ?? "";
    if (BEFORE.test(text.slice(Math.max(0, from - 2), from)) && !isInCode(before)) return { kind, query, from, to: caret };
  }
  return null;
}

/** Whether the end of a text is in a block of code that is not closed yet, or in code of one line. @param {string} text */
export function isInCode(text) {
  const fences = text.match(/^ {0,3}(?:```|~~~)/gm)?.length ?? 0;
  if (fences % 2) return true;
  const line = text.slice(text.lastIndexOf("\n") + 1);
  return /^ {0,3}(?:```|~~~)/.test(line) === false && (line.match(/`+/g)?.length ?? 0) % 2 === 1;
}
