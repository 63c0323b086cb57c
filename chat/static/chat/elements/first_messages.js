/** Chooses the messages that a room shows in its first frame: those that fill the view. The others are drawn after it. */

import { personKey, senderOf } from "../senders.js";

/**
 * @import { Message } from "../wire.d.ts"
 * @typedef {{own: number, following: number}} Heights the least height of a message in pixels, and that of one that
 *   follows another one of the same sender, without the name above it
 */

/** One line of text, by message.css and density.css. @type {{comfortable: Heights, compact: Heights}} */
export const MIN_HEIGHTS = { comfortable: { own: 50, following: 28 }, compact: { own: 22, following: 20 } };
/** This part of the view above the place where the reader begins is filled: Scroller.lead shows a fifth. */
const PART_ABOVE = 0.3;

/**
 * The messages around a place that fill a view.
 * @param {readonly Message[]} messages in the order of the room
 * @param {number} seq of the message where the reader begins; Infinity for the end
 * @param {number} height of the view, in pixels
 * @param {Heights} heights
 * @returns {readonly Message[]}
 */
export function firstMessages(messages, seq, height, heights) {
  /** @param {number} index */
  const heightOf = (index) => {
    const [previous, message] = [messages[index - 1], messages[index]];
    return previous && message && sender(previous) === sender(message) ? heights.following : heights.own;
  };
  const place = messages.findIndex((message) => message.seq >= seq);
  const at = place < 0 ? messages.length : place;
  let to = at;
  for (let below = 0; to < messages.length && below < height; to += 1) below += heightOf(to);
  // Near the end the view begins above the place.
  const wanted = to === messages.length ? height : height * PART_ABOVE;
  let from = at;
  for (let above = 0; from > 0 && above < wanted; from -= 1) above += heightOf(from - 1);
  return messages.slice(from, to);
}

/** @param {Message} message */
function sender(message) {
  return personKey(senderOf(message));
}
