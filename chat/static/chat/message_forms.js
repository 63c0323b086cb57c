/** The newest forms of messages that a copy of a room does not show: changed ones, and those that others quote. Pure. */

/**
 * @import { LogSection } from "./log_section.js"
 * @import { Message, Quote } from "./wire.d.ts"
 *
 * @typedef {Message | Quote} Form a message as it was at one version, in full or in short
 */

/** Changed messages outside the sections that are kept: more than change while one page is on its way. */
const MAX_OUTSIDE = 1_000;

export class MessageForms {
  /**
   * Changed messages that are in no section: a page that was read before the change may arrive after it. And replies that
   * only their thread shows (thread_copy.js): a message of the room may quote one.
   * @type {Map<number, Message>}
   */
  #outside = new Map();
  /**
   * Short forms of quoted messages, by id: from quotes, and of messages that were removed.
   * @type {Map<number, Form>}
   */
  #quotes = new Map();

  /** @param {number} id @returns {(Form | undefined)[]} what is known of a message */
  of(id) {
    return [this.#outside.get(id), this.#quotes.get(id)];
  }

  /** @param {Message} message that is in no section */
  keep(message) {
    const kept = this.#outside.get(message.id);
    if (kept && kept.version >= message.version) return;
    // Deleted first, so that the map is in the order of the changes.
    this.#outside.delete(message.id);
    this.#outside.set(message.id, message);
    const [oldest] = this.#outside.keys();
    if (this.#outside.size > MAX_OUTSIDE && oldest !== undefined) this.#outside.delete(oldest);
  }

  /** The changed messages that a section covers now. @param {LogSection} section */
  takeFor(section) {
    const late = [...this.#outside.values()].filter(({ seq, in_room }) => in_room && section.covers(seq));
    for (const { id } of late) this.#outside.delete(id);
    return late;
  }

  /** @param {Form} form of a quoted message @returns {boolean} whether it is newer than the form that was kept */
  keepQuote(form) {
    const kept = this.#quotes.get(form.id);
    if (kept && kept.version >= form.version) return false;
    this.#quotes.set(form.id, form);
    return true;
  }

  /**
   * Messages were removed from the sections.
   * @param {Message[]} removed
   * @param {Message[]} left those that the sections still have
   */
  keepRemoved(removed, left) {
    for (const message of removed) if (message.version > message.seq) this.keep(message);
    // A remaining answer carries the quote as it was when it was sent: later changes of the quoted message are kept.
    const answered = new Set(left.map((message) => message.reply_to));
    for (const message of removed) if (answered.has(message.id)) this.keepQuote(message);
    for (const id of this.#quotes.keys()) if (!answered.has(id)) this.#quotes.delete(id);
  }
}
