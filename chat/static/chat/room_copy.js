/**
 * A page's copy of one room's log, by the rules of docs/protocol.md, chapter "Versions". Pure: frames in, state out.
 *
 * The copy has a tail, whose end is the end of the room; and while the reader is further up, one detached window, which
 * is shown instead of the tail. Both are limited, however far the reader scrolls.
 */

import { LogSection } from "./log_section.js";
import { MessageForms } from "./message_forms.js";

/**
 * @import { Form } from "./message_forms.js"
 * @import { HistoryReply, Message, OpenReply } from "./wire.d.ts"
 */

/**
 * @typedef {{after: number, upto: number, messages: Message[]}} Delta what changed after version `after`, up to `upto`
 * @typedef {{message: Message, previous: Message | undefined}} Change a message, and its previous form, if
 *   it was in the copy. Both are the same when only the message that it quotes changed
 * @typedef {{before: number} | {after: number} | {around: number}} Place which page of history was asked for: a seq
 */

/** Messages that are shown at most, and how many are left when there were more. */
export const MAX_SHOWN = 400;
export const SHOWN_KEPT = 300;
/** Messages of the tail that are kept while a window is shown. */
export const TAIL_KEPT = 50;
const MAX_TAIL = 150;

export class RoomCopy {
  /** @type {LogSection | null} */
  #window = null;
  #forms = new MessageForms();
  /** The highest version that an event named. */
  #announced = 0;

  /**
   * @param {OpenReply} reply
   * @param {RoomCopy} [previous] the copy that this one replaces: events may have named later versions
   */
  constructor(reply, previous) {
    if (previous?.epoch === reply.epoch) this.#announced = previous.#announced;
    this.room = reply.room;
    this.epoch = reply.epoch;
    this.version = reply.upto;
    const floor = reply.more_before ? lowestSeq(reply.messages) : 0;
    if (reply.more_after) {
      this.#window = new LogSection(floor, highestSeq(reply.messages));
      // All messages after this version will come as events.
      this.tail = new LogSection(reply.upto + 1, Infinity);
    } else {
      this.tail = new LogSection(floor, Infinity);
    }
    this.#upsert(reply.messages);
  }

  /** The detached window. @returns {LogSection | null} */
  get window() {
    return this.#window;
  }

  /** What the reader sees: the window, or else the tail. @returns {LogSection} */
  get shown() {
    return this.#window ?? this.tail;
  }

  /** All messages of the copy, in the order of the room. */
  get messages() {
    return this.#sections.flatMap(({ messages }) => messages);
  }

  /** Whether an event named a version that this copy has not reached: it must ask `open … since`. */
  get hasGap() {
    return this.#announced > this.version;
  }

  /** @param {number} id @returns {Message | undefined} */
  get(id) {
    return this.#window?.get(id) ?? this.tail.get(id);
  }

  /**
   * The newest known form of a message, whether it is in a section or not.
   * @param {number} id
   * @returns {Form | undefined}
   */
  newestForm(id) {
    /** @type {Form | undefined} */
    let newest;
    for (const form of [this.get(id), ...this.#forms.of(id)]) {
      if (form && !(newest && newest.version >= form.version)) newest = form;
    }
    return newest;
  }

  /** The section that has all messages from one seq to another. @param {number} from @param {number} to */
  sectionOf(from, to) {
    return this.#sections.find((section) => section.covers(from) && section.covers(to));
  }

  /**
   * Apply a delta: one event (`after` is `upto - 1`), or several changes at once.
   * @param {Delta} delta
   * @returns {Change[] | null} what to draw again; null when versions before the delta are missing, or when the copy is
   *   past it
   */
  apply({ after, upto, messages }) {
    this.#announced = Math.max(this.#announced, upto);
    if (upto <= this.version || after > this.version) return null;
    this.version = upto;
    const changes = this.#upsert(messages);
    if (this.#window) this.#limitTail();
    return changes;
  }

  /**
   * Apply the message in the reply to this person's own command. It may come before the event: `version` stays.
   * @param {Message} message
   * @returns {Change[]}
   */
  applyOne(message) {
    return this.#upsert([message]);
  }

  /**
   * Add a page of history.
   * @param {Pick<HistoryReply, "messages" | "more_before" | "more_after">} page
   * @param {Place} place that was asked for. A page that no longer fits the copy is ignored
   * @returns {{changed: Change[], reset: boolean}} what to draw; `reset`: another section is shown now
   */
  addPage(page, place) {
    if ("around" in place) return { changed: [], reset: this.#showWindow(page) };
    const section = "before" in place ? this.#sections.find(({ floor }) => floor === place.before) : this.#window;
    if (!section || ("after" in place && section.ceiling !== place.after)) return { changed: [], reset: false };
    if ("before" in place) section.floor = page.more_before ? lowestSeq(page.messages) : 0;
    else section.ceiling = page.more_after ? highestSeq(page.messages) : Infinity;
    const changed = this.#upsert([...page.messages, ...this.#forms.takeFor(section)], section);
    return { changed: [...changed, ...(this.join() ?? [])], reset: false };
  }

  /**
   * Make one section of the window and the tail, if no message between them is missing.
   * @returns {Change[] | null} what is shown in addition; null if there is no window, or messages are missing
   */
  join() {
    const [window, { tail }] = [this.#window, this];
    if (!window || window.ceiling < tail.floor - 1) return null;
    this.#window = null;
    window.ceiling = Infinity;
    // Older pages of the tail may have gone past the window.
    window.floor = Math.min(window.floor, tail.floor);
    this.tail = window;
    return tail.messages.flatMap((message) => {
      const put = window.put(message);
      return put ? [{ message, previous: put.previous }] : [];
    });
  }

  /** Show the tail instead of the window. */
  showTail() {
    const dropped = this.#window;
    this.#window = null;
    if (dropped) this.#forget(dropped.messages);
  }

  /**
   * Remove the messages that are farthest from the reader, when more than `most` are shown. If these are the newest
   * ones, the reader has a window from then on.
   * @param {number} seq of a message near the reader; Infinity at the end of the room
   * @param {number} [most]
   * @param {number} [kept] how many are left
   * @returns {boolean} whether messages were removed from what is shown
   */
  shrink(seq, most = MAX_SHOWN, kept = SHOWN_KEPT) {
    const { shown } = this;
    const { length } = shown.messages;
    if (length <= most) return false;
    const from = Math.min(Math.max(0, shown.indexOf(seq) - Math.floor(kept / 2)), length - kept);
    const newer = shown.cutFrom(from + kept);
    const removed = shown.cutBefore(from);
    if (newer.length && shown === this.tail) {
      this.#window = shown;
      this.tail = new LogSection(shown.ceiling + 1, Infinity);
      for (const message of newer) this.tail.put(message);
      this.#limitTail();
    } else {
      removed.push(...newer);
    }
    this.#forget(removed);
    return true;
  }

  /** Keep at most `kept` messages of what is shown, the newest ones. @param {number} kept */
  trim(kept) {
    this.shrink(Infinity, kept, kept);
  }

  get #sections() {
    return this.#window ? [this.#window, this.tail] : [this.tail];
  }

  /** @param {Message[]} messages @param {LogSection} [section] what they belong to, if that is known @returns {Change[]} */
  #upsert(messages, section) {
    /** @type {Change[]} */
    const changed = [];
    /** @type {Set<number>} */
    const requoted = new Set();
    for (const message of messages) {
      if (message.quote && this.#forms.keepQuote(message.quote)) requoted.add(message.quote.id);
      const home = message.in_room ? (section ?? this.#sections.find((each) => each.covers(message.seq))) : null;
      if (!home) {
        this.#forms.keep(message);
        requoted.add(message.id);
        continue;
      }
      const put = home.put(message);
      if (put) changed.push({ message, previous: put.previous });
    }
    return requoted.size ? [...changed, ...this.#answersTo(requoted, changed)] : changed;
  }

  /**
   * Show the page around a place: as a window, unless it reaches the tail.
   * @param {Pick<HistoryReply, "messages" | "more_before" | "more_after">} page
   */
  #showWindow({ messages, more_before, more_after }) {
    const former = this.#window;
    const floor = more_before ? lowestSeq(messages) : 0;
    const ceiling = more_after ? highestSeq(messages) : Infinity;
    const window = (this.#window = new LogSection(floor, ceiling));
    // Forms of the former window may be newer than those of the page.
    if (former) this.#forget(former.messages);
    this.#upsert([...messages, ...this.#forms.takeFor(window)], window);
    this.join();
    return true;
  }

  /** A hidden tail grows with each new message: keep its newest ones. */
  #limitTail() {
    const { length } = this.tail.messages;
    if (length > MAX_TAIL) this.#forget(this.tail.cutBefore(length - TAIL_KEPT));
  }

  /** Messages were removed. @param {Message[]} messages */
  #forget(messages) {
    this.#forms.keepRemoved(messages, this.messages);
  }

  /**
   * Answers in the copy whose quote changed while they did not.
   * @param {Set<number>} ids of quoted messages
   * @param {Change[]} changed what is drawn again in any case
   * @returns {Change[]}
   */
  #answersTo(ids, changed) {
    const drawn = new Set(changed.map(({ message }) => message.id));
    const answers = this.messages.filter(
      ({ id, reply_to }) => reply_to !== null && ids.has(reply_to) && !drawn.has(id),
    );
    return answers.map((message) => ({ message, previous: message }));
  }
}

/** @param {Message[]} messages @returns {number} Infinity for none */
function lowestSeq(messages) {
  return messages.reduce((low, { seq }) => Math.min(low, seq), Infinity);
}

/** @param {Message[]} messages @returns {number} */
function highestSeq(messages) {
  return messages.reduce((high, { seq }) => Math.max(high, seq), 0);
}
