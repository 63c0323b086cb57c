/** Names in a text: `@ann`. The same pattern as on the server, whose count is the one that holds. */

const MENTION = /(?<![\p{L}\p{N}_@])@[\p{L}\p{N}_.+-]+(?:@[\p{L}\p{N}_.+-]+)?/gu;

/**
 * Cut `text` where `name` is mentioned.
 * @param {string} text
 * @param {string} name
 * @returns {{text: string, mention: boolean}[]} the pieces in order; joined they are `text`
 */
export function splitMentions(text, name) {
  const pieces = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(MENTION)) {
    const named = found.replace(/[.+-]+$/, "");
    if (named !== `@${name}`) continue;
    if (index > from) pieces.push({ text: text.slice(from, index), mention: false });
    pieces.push({ text: named, mention: true });
    from = index + named.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), mention: false });
  return pieces;
}

/** @param {string} text @param {string|undefined} name @returns {boolean} */
export function mentions(text, name) {
  return Boolean(name) && text.includes(`@${name}`) && splitMentions(text, name).some((piece) => piece.mention);
}
