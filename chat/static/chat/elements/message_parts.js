/** The parts of an article that few messages have, such as files, reactions or a poll: each has a template of its own. */

import { findOptional, fromTemplate } from "../dom.js";

/**
 * Add or remove a part.
 * @param {HTMLElement} article
 * @param {string} name its class, and the beginning of its template's id
 * @param {boolean} isWanted
 * @param {"append" | "prepend"} [place]
 * @returns {HTMLElement | null} null if it is not wanted
 */
export function updatePart(article, name, isWanted, place = "append") {
  const known = findOptional(article, `:scope > .${name}`);
  if (!isWanted) {
    known?.remove();
    return null;
  }
  if (known) return known;
  const made = fromTemplate(`${name}-template`);
  article[place](made);
  return made;
}
