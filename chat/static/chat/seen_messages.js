/** How far the reader has seen each room. The server may not know it yet: this counts what is unread all the same. Pure. */

import { countUnread } from "./unread_messages.js";

/**
 * @import { RoomCopy } from "./room_copy.js"
 * @import { RoomState, You } from "./wire.d.ts"
 *
 * @typedef {Pick<RoomState, "unread" | "mentions">} Counts
 */

/** The server stops counting here: chat/domain/annotations.py. */
export const MAX_COUNT = 1_000;

export class SeenMessages {
  /** @type {Map<string, number>} by slug, the seq up to which the reader has seen a room */
  #upto = new Map();
  #copyOf;
  #getYou;

  /**
   * @param {(room: string) => RoomCopy | undefined} copyOf the copy of a room that the page watches
   * @param {() => You} getYou
   */
  constructor(copyOf, getYou) {
    this.#copyOf = copyOf;
    this.#getYou = getYou;
  }

  /** The seq up to which a room was seen. @param {Pick<RoomState, "slug" | "read">} state */
  upto({ slug, read }) {
    return Math.max(read, this.#upto.get(slug) ?? 0);
  }

  /** The reader has seen a room up to a seq. @param {string} room a slug @param {number} upto */
  note(room, upto) {
    this.#upto.set(room, Math.max(upto, this.#upto.get(room) ?? 0));
  }

  /** Messages of a room were marked as unread since. @param {string} room a slug */
  forget(room) {
    this.#upto.delete(room);
  }

  /**
   * The counts that are left when the reader has seen more than the server knows.
   * @param {RoomState} state
   * @returns {Counts | null} null when the server's counts are right, or when the tail begins too late to count
   */
  countLeft(state) {
    const upto = this.upto(state);
    const tail = this.#copyOf(state.slug)?.tail;
    if (upto <= state.read || !state.unread || !tail?.covers(upto + 1)) return null;
    return countUnread(tail, upto, Infinity, this.#getYou());
  }

  /**
   * The counts without the messages that were seen in a window.
   * @param {RoomState} state
   * @param {number} after a seq
   * @param {number} upto a seq
   * @returns {Partial<Counts>} empty when the messages are not in the copy, or there are too many to be counted
   */
  countLess({ slug, unread, mentions }, after, upto) {
    const section = upto > after ? this.#copyOf(slug)?.sectionOf(after + 1, upto) : undefined;
    if (!section || unread >= MAX_COUNT) return {};
    const seen = countUnread(section, after, upto, this.#getYou());
    return { unread: Math.max(0, unread - seen.unread), mentions: Math.max(0, mentions - seen.mentions) };
  }
}
