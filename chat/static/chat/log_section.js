/**
 * Messages of a room that follow each other in its log: none is missing from seq `floor` to seq `ceiling`. Pure.
 */

/** @import { Message } from "./wire.d.ts" */

export class LogSection {
  /** @type {Map<number, Message>} */
  #byId = new Map();
  /** @type {Message[]} sorted by seq */
  #order = [];

  /**
   * @param {number} floor a seq; 0 if there are no older messages
   * @param {number} ceiling a seq; Infinity if there are no newer messages
   */
  constructor(floor, ceiling) {
    this.floor = floor;
    this.ceiling = ceiling;
  }

  /** The messages in the order of the room. Callers must not change the list. */
  get messages() {
    return this.#order;
  }

  /** Whether there are older messages. */
  get moreBefore() {
    return this.floor > 0;
  }

  /** Whether there are newer messages. */
  get moreAfter() {
    return this.ceiling < Infinity;
  }

  /** The last message. @returns {Message | undefined} */
  get last() {
    return this.#order.at(-1);
  }

  /** @param {number} id @returns {Message | undefined} */
  get(id) {
    return this.#byId.get(id);
  }

  /** Whether a message with this seq is here, if the room has one. @param {number} seq */
  covers(seq) {
    return this.floor <= seq && seq <= this.ceiling;
  }

  /** The first message whose seq is above `seq`. @param {number} seq @returns {Message | undefined} */
  firstAfter(seq) {
    return this.#order[this.indexOf(seq + 1)];
  }

  /**
   * Add a message, or replace it by a newer form.
   * @param {Message} message
   * @returns {{previous: Message | undefined} | null} the form that it had; null if that is not older
   */
  put(message) {
    const previous = this.#byId.get(message.id);
    if (previous && previous.version >= message.version) return null;
    this.#byId.set(message.id, message);
    this.#order.splice(this.indexOf(message.seq), previous ? 1 : 0, message);
    return { previous };
  }

  /** Remove the messages before an index. @param {number} index @returns {Message[]} what was removed */
  cutBefore(index) {
    if (index <= 0) return [];
    const removed = this.#remove(0, index);
    this.floor = this.#order[0]?.seq ?? this.ceiling;
    return removed;
  }

  /** Remove the messages from an index on. @param {number} index @returns {Message[]} what was removed */
  cutFrom(index) {
    const removed = this.#remove(index, this.#order.length - index);
    if (removed[0]) this.ceiling = removed[0].seq - 1;
    return removed;
  }

  /**
   * The index of the first message whose seq is at least `seq`.
   * @param {number} seq
   */
  indexOf(seq) {
    const order = this.#order;
    const { last } = this;
    // The common case: a new message goes to the end.
    if (!last || last.seq < seq) return order.length;
    let low = 0;
    let high = order.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (/** @type {Message} */ (order[middle]).seq < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {number} from an index @param {number} count */
  #remove(from, count) {
    const removed = this.#order.splice(from, count);
    for (const { id } of removed) this.#byId.delete(id);
    return removed;
  }
}
