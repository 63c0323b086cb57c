/**
 * How far a person has read one room. Pure.
 *
 * The mark moves only over messages that were on the screen. Messages that were skipped stay unread, and so do all
 * later ones.
 */

import { isMine } from "./senders.js";

/**
 * @import { LogSection } from "./log_section.js"
 * @import { Message, You } from "./wire.d.ts"
 */

export class ReadMark {
  /** @param {number} upto the seq of the last message that was read */
  constructor(upto) {
    this.upto = upto;
  }

  /** Whether a section has the messages that follow the mark. @param {LogSection} section */
  isCovered(section) {
    return section.covers(this.upto + 1);
  }

  /**
   * The first unread message of others in a section. Earlier ones may exist before it.
   * @param {LogSection} section
   * @param {You} you
   * @returns {Message | undefined}
   */
  firstUnread(section, you) {
    return firstOfOthers(section, you, this.upto);
  }

  /**
   * Move the mark over messages that are on the screen.
   * @param {{from: number, to: number}} seen the seq of the first and of the last one
   * @param {LogSection} section
   * @param {You} you
   * @returns {boolean} whether the mark moved
   */
  markSeen({ from, to }, section, you) {
    if (!this.isCovered(section)) return false;
    const first = this.firstUnread(section, you);
    if (first && (first.seq < from || first.seq > to)) return false;
    // This person's own messages at the end count as read.
    return this.moveTo(first && firstOfOthers(section, you, to) ? to : newest(section));
  }

  /** @param {number} seq @returns {boolean} whether the mark moved: it does not go back */
  moveTo(seq) {
    const moves = seq > this.upto;
    if (moves) this.upto = seq;
    return moves;
  }
}

/** @param {LogSection} section @returns {number} the seq of its last message, or 0 */
export function newest(section) {
  return section.last?.seq ?? 0;
}

/** @param {LogSection} section @param {You} you @param {number} after a seq */
function firstOfOthers(section, you, after) {
  let message = section.firstAfter(after);
  while (message && (message.deleted || isMine(message, you))) message = section.firstAfter(message.seq);
  return message;
}
