/**
 * Invisible text, as in chat/domain/markdown/characters.py. The server stores NUL and lone surrogates as U+FFFD, which
 * is visible.
 */
const INVISIBLE =
  /^(?:(?!\0)[\s\p{Cc}\p{Cf}\p{Z}]|[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\u{1d159}\u{e0000}-\u{e0fff}])*$/u;

/**
 * The body to send for a typed text: without leading empty lines and trailing white space, as the server stores it.
 * Spaces before the first word stay: four of them begin a block of code.
 * @param {string} text
 * @returns {string} empty when all of the text is invisible
 */
export function bodyOf(text) {
  if (INVISIBLE.test(text)) return "";
  return text.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd();
}
