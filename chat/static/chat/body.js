/** The same as in chat/domain/markdown/characters.py; NUL and lone surrogates are stored as U+FFFD, which is seen. */
const UNSEEN =
  /^(?:(?!\0)[\s\p{Cc}\p{Cf}\p{Z}]|[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\u{1d159}\u{e0000}-\u{e0fff}])*$/u;

/**
 * What of a typed text is sent: without empty lines before it and white space after it, as the server stores it.
 * The white space before the first word stays: four spaces begin a block of code.
 * @param {string} text
 * @returns {string} empty when nothing of the text can be seen
 */
export function bodyOf(text) {
  if (UNSEEN.test(text)) return "";
  return text.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd();
}
