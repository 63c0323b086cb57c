/**
 * The parts of a room's log that the page has: a tail, whose end is the end of the room; and while the reader is further
 * up, one detached window, which is shown instead of the tail. Both are limited, however far the reader scrolls. Pure.
 */

import { LogSection } from "./log_section.js";

/**
 * @import { HistoryReply, Message } from "./wire.d.ts"
 *
 * @typedef {Pick<HistoryReply, "messages" | "more_before" | "more_after">} Page of the log
 * @typedef {{before: number} | {after: number} | {around: number}} Place which page of history was asked for: a seq
 */

/** Messages that a hidden tail has at most, and how many are left when there were more. */
const MAX_TAIL = 150;
const TAIL_KEPT = 50;

export class LogSections {
  /** The detached window. @type {LogSection | null} */
  window = null;
  /** @type {LogSection} */
  tail;

  /** The sections for the messages of a page. @param {Page} page @param {number} upto the version of the room */
  constructor(page, upto) {
    const section = sectionFor(page);
    if (section.moreAfter) {
      this.window = section;
      // All messages after this version will come as events.
      this.tail = new LogSection(upto + 1, Infinity);
    } else {
      this.tail = section;
    }
  }

  /** What the reader sees: the window, or else the tail. */
  get shown() {
    return this.window ?? this.tail;
  }

  /** All messages, in the order of the room. */
  get messages() {
    return this.#all.flatMap(({ messages }) => messages);
  }

  /** @param {number} id @returns {Message | undefined} */
  get(id) {
    return this.window?.get(id) ?? this.tail.get(id);
  }

  /** The section that has all messages from one seq to another. @param {number} from @param {number} [to] */
  covering(from, to = from) {
    return this.#all.find((section) => section.covers(from) && section.covers(to));
  }

  /**
   * Extend a section by a page, whose messages the caller puts into it.
   * @param {Page} page
   * @param {Exclude<Place, {around: number}>} place that was asked for
   * @returns {LogSection | null} null if the page no longer fits
   */
  extend(page, place) {
    const { floor, ceiling } = sectionFor(page);
    if ("before" in place) {
      const section = this.#all.find((each) => each.floor === place.before);
      if (section) section.floor = floor;
      return section ?? null;
    }
    if (this.window?.ceiling !== place.after) return null;
    this.window.ceiling = ceiling;
    return this.window;
  }

  /** Show another window, for the messages of a page. @param {Page} page @returns {Message[]} those of the former one */
  replaceWindow(page) {
    const dropped = this.window?.messages ?? [];
    this.window = sectionFor(page);
    return dropped;
  }

  /** Show the tail instead of the window. @returns {Message[]} what was removed */
  dropWindow() {
    const dropped = this.window?.messages ?? [];
    this.window = null;
    return dropped;
  }

  /**
   * Make one section of the window and the tail, if no message between them is missing.
   * @returns {Message[] | null} what the tail adds to what is shown; null if there is no window, or messages are missing
   */
  join() {
    const { tail, window } = this;
    if (!window || window.ceiling < tail.floor - 1) return null;
    this.window = null;
    window.ceiling = Infinity;
    // Older pages of the tail may have gone past the window.
    window.floor = Math.min(window.floor, tail.floor);
    this.tail = window;
    return tail.messages;
  }

  /**
   * Remove the messages that are farthest from the reader, when more than `most` are shown. If these are the newest
   * ones, the reader has a window from then on.
   * @param {number} seq of a message near the reader; Infinity at the end of the room
   * @param {number} most
   * @param {number} kept how many are left
   * @returns {Message[] | null} what the sections no longer have; null if not more than `most` are shown
   */
  shrink(seq, most, kept) {
    const { shown } = this;
    const { length } = shown.messages;
    if (length <= most) return null;
    const from = Math.min(Math.max(0, shown.indexOf(seq) - Math.floor(kept / 2)), length - kept);
    const newer = shown.cutFrom(from + kept);
    const older = shown.cutBefore(from);
    if (!newer.length || shown !== this.tail) return [...older, ...newer];
    this.window = shown;
    this.tail = new LogSection(shown.ceiling + 1, Infinity);
    for (const message of newer) this.tail.put(message);
    return [...older, ...this.limitTail()];
  }

  /** A hidden tail grows with each new message: keep its newest ones. @returns {Message[]} what was removed */
  limitTail() {
    const { length } = this.tail.messages;
    return this.window && length > MAX_TAIL ? this.tail.cutBefore(length - TAIL_KEPT) : [];
  }

  get #all() {
    return this.window ? [this.window, this.tail] : [this.tail];
  }
}

/** An empty section from the first to the last message of a page. @param {Page} page */
function sectionFor({ messages, more_before: moreBefore, more_after: moreAfter }) {
  const seqs = messages.map(({ seq }) => seq);
  return new LogSection(moreBefore ? Math.min(...seqs) : 0, moreAfter ? Math.max(0, ...seqs) : Infinity);
}
