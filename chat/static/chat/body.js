/**
 * What of a typed text is sent: without empty lines before it and white space after it, as the server stores it.
 * The white space before the first word stays: four spaces begin a block of code.
 * @param {string} text
 * @returns {string}
 */
export function bodyOf(text) {
  return text.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd();
}
