/** A page's copy of one room's log, by the rules of docs/protocol.md, chapter "Versions". Pure: frames in, state out. */

import { LogSections } from "./log_sections.js";
import { MessageForms } from "./message_forms.js";

/**
 * @import { LogSection } from "./log_section.js"
 * @import { Page, Place } from "./log_sections.js"
 * @import { Form } from "./message_forms.js"
 * @import { Message, OpenReply } from "./wire.d.ts"
 */

/**
 * @typedef {{after: number, upto: number, messages: Message[]}} Delta what changed after version `after`, up to `upto`
 * @typedef {{message: Message, previous: Message | undefined}} Change a message, and its previous form, if
 *   it was in the copy. Both are the same when only the message that it quotes changed
 */

/** Messages that are shown at most, and how many are left when there were more. */
export const MAX_SHOWN = 400;
const SHOWN_KEPT = 300;

export class RoomCopy {
  #sections;
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
    this.#sections = new LogSections(reply, reply.upto);
    this.#upsert(reply.messages);
  }

  /** The section whose end is the end of the room. @returns {LogSection} */
  get tail() {
    return this.#sections.tail;
  }

  /** The detached window. @returns {LogSection | null} */
  get window() {
    return this.#sections.window;
  }

  /** What the reader sees: the window, or else the tail. @returns {LogSection} */
  get shown() {
    return this.#sections.shown;
  }

  /** All messages of the copy, in the order of the room. */
  get messages() {
    return this.#sections.messages;
  }

  /** Whether an event named a version that this copy has not reached: it must ask `open … since`. */
  get hasGap() {
    return this.#announced > this.version;
  }

  /** @param {number} id @returns {Message | undefined} */
  get(id) {
    return this.#sections.get(id);
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
    return this.#sections.covering(from, to);
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
    this.#forget(this.#sections.limitTail());
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
   * @param {Page} page
   * @param {Place} place that was asked for. A page that no longer fits the copy is ignored
   * @returns {{changed: Change[], reset: boolean}} what to draw; `reset`: another section is shown now
   */
  addPage(page, place) {
    if ("around" in place) return { changed: [], reset: this.#showWindow(page) };
    const section = this.#sections.extend(page, place);
    if (!section) return { changed: [], reset: false };
    const changed = this.#upsert([...page.messages, ...this.#forms.takeFor(section)], section);
    return { changed: [...changed, ...(this.join() ?? [])], reset: false };
  }

  /**
   * Make one section of the window and the tail, if no message between them is missing.
   * @returns {Change[] | null} what is shown in addition; null if there is no window, or messages are missing
   */
  join() {
    const added = this.#sections.join();
    if (!added) return null;
    return added.flatMap((message) => {
      const put = this.shown.put(message);
      return put ? [{ message, previous: put.previous }] : [];
    });
  }

  /** Show the tail instead of the window. */
  showTail() {
    this.#forget(this.#sections.dropWindow());
  }

  /**
   * Remove the messages that are farthest from the reader, when more than `most` are shown.
   * @param {number} seq of a message near the reader; Infinity at the end of the room
   * @param {number} [most]
   * @param {number} [kept] how many are left
   * @returns {boolean} whether messages were removed from what is shown
   */
  shrink(seq, most = MAX_SHOWN, kept = SHOWN_KEPT) {
    const removed = this.#sections.shrink(seq, most, kept);
    this.#forget(removed ?? []);
    return removed !== null;
  }

  /** Keep at most `kept` messages of what is shown, the newest ones. @param {number} kept */
  trim(kept) {
    this.shrink(Infinity, kept, kept);
  }

  /** @param {Message[]} messages @param {LogSection} [section] what they belong to, if that is known @returns {Change[]} */
  #upsert(messages, section) {
    /** @type {Change[]} */
    const changed = [];
    /** @type {Set<number>} */
    const requoted = new Set();
    for (const message of messages) {
      if (message.quote && this.#forms.keepQuote(message.quote)) requoted.add(message.quote.id);
      const home = message.in_room ? (section ?? this.#sections.covering(message.seq)) : null;
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

  /** Show the page around a place: as a window, unless it reaches the tail. @param {Page} page */
  #showWindow(page) {
    const former = this.#sections.replaceWindow(page);
    // Forms of the former window may be newer than those of the page.
    this.#forget(former);
    this.#upsert([...page.messages, ...this.#forms.takeFor(this.shown)], this.shown);
    this.join();
    return true;
  }

  /** Messages were removed. @param {Message[]} messages */
  #forget(messages) {
    if (messages.length) this.#forms.keepRemoved(messages, this.messages);
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
