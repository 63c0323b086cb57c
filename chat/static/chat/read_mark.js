/**
 * How far a person has read one room. Pure.
 *
 * The mark only moves over messages that were on the screen: what was jumped over stays unread, and so does all that
 * comes after it.
 */

import { isMine } from "./protocol.js";

export class ReadMark {
  /** @param {number} upto the seq of the last message that was read */
  constructor(upto) {
    this.upto = upto;
  }

  /** Whether all that is unread is in the copy. @param {import("./copy.js").RoomCopy} copy */
  isCovered(copy) {
    return !copy.more || copy.floor <= this.upto + 1;
  }

  /**
   * The first unread message of others in the copy; those before the copy are not known.
   * @param {import("./copy.js").RoomCopy} copy
   * @param {object} you
   * @returns {object|undefined}
   */
  first(copy, you) {
    return firstOfOthers(copy, you, this.upto);
  }

  /**
   * These messages, and all between them, are on the screen.
   * @param {{from: number, to: number}} seen the seq of the first and of the last one
   * @param {import("./copy.js").RoomCopy} copy
   * @param {object} you
   * @returns {boolean} whether the mark moved
   */
  saw({ from, to }, copy, you) {
    if (!this.isCovered(copy)) return false;
    const first = this.first(copy, you);
    if (first && (first.seq < from || first.seq > to)) return false;
    // One's own messages behind the last of others are read as well.
    return this.moveTo(first && firstOfOthers(copy, you, to) ? to : newest(copy));
  }

  /** @param {number} seq @returns {boolean} whether the mark moved: it never goes back */
  moveTo(seq) {
    const moves = seq > this.upto;
    if (moves) this.upto = seq;
    return moves;
  }
}

/** @param {import("./copy.js").RoomCopy} copy @returns {number} the seq of its last message, or 0 */
export function newest(copy) {
  return copy.messages.at(-1)?.seq ?? 0;
}

function firstOfOthers(copy, you, after) {
  let message = copy.following(after);
  while (message && (message.deleted || isMine(message, you))) message = copy.following(message.seq);
  return message;
}
