/**
 * A page's copy of one thread: its root, and its replies from one place in the room's log on. Pure: messages in, state
 * out. The events of the room keep it current; they may come before the answer to `thread`, so messages are taken in any
 * order, and the form with the highest version stays. A timeline shows it as it shows the copy of a room.
 */

import { LogSection } from "./log_section.js";

/** @import { Follow, Message, Quote, ThreadReply } from "./wire.d.ts" */

export class ThreadCopy {
  /** The root, and the replies from `floor` on. */
  #section = new LogSection(0, Infinity);
  /** Forms of earlier replies, which a page that is loaded later may have in an older form. @type {Map<number, Message>} */
  #earlier = new Map();
  /** The seq from which all replies are here. */
  #floor = Infinity;
  /** Whether the person follows the thread. */
  following = false;
  /** The seq of the first reply that the person has not read. @type {number | null} */
  unreadFrom = null;
  /** A thread has no part that is detached from its end. */
  window = null;

  /** @param {string} room a slug @param {number} rootId of the message that begins the thread */
  constructor(room, rootId) {
    this.room = room;
    this.rootId = rootId;
  }

  /** Whether the latest replies are here. */
  get isLoaded() {
    return this.#floor < Infinity;
  }

  /** Whether there are earlier replies. */
  get moreBefore() {
    return this.#floor > 0;
  }

  /** Where the replies that are here begin: a seq. */
  get floor() {
    return this.#floor;
  }

  /** What a reader sees; undefined until the latest replies are here. @returns {LogSection | undefined} */
  get shown() {
    return this.isLoaded ? this.#section : undefined;
  }

  /** The root and the replies in the order of the room. Callers must not change the list. */
  get messages() {
    return this.#section.messages;
  }

  /** @returns {Message | undefined} */
  get root() {
    return this.get(this.rootId);
  }

  get replies() {
    return this.messages.filter(({ thread }) => thread === this.rootId);
  }

  /** @param {number} id @returns {Message | undefined} the root or a reply */
  get(id) {
    return this.#section.get(id) ?? this.#earlier.get(id);
  }

  /** The newest known form of a message that is quoted here. @param {number} id @returns {Message | Quote | undefined} */
  newestForm(id) {
    /** @type {Message | Quote | undefined} */
    let newest = this.get(id);
    for (const { quote } of this.messages) {
      if (quote?.id === id && !(newest && newest.version >= quote.version)) newest = quote;
    }
    return newest;
  }

  /** Whether a message belongs to this thread. @param {Message} message */
  has({ id, thread }) {
    return id === this.rootId || thread === this.rootId;
  }

  /**
   * Take new and changed messages of the room; those of other threads are left out.
   * @param {Iterable<Message>} messages
   */
  apply(messages) {
    for (const message of messages) if (this.has(message)) this.#take(message);
  }

  /** Take the answer to `thread`: the latest page, or the one before the floor. @param {ThreadReply} reply */
  addPage({ root, replies, more_before: moreBefore, following, unread_from: unreadFrom }) {
    this.following = following;
    this.unreadFrom = unreadFrom;
    const first = replies[0]?.seq ?? Infinity;
    this.#floor = moreBefore ? Math.min(this.#floor, first) : 0;
    this.apply([root, ...replies]);
    for (const message of this.#earlier.values()) {
      if (message.seq >= this.#floor && this.#earlier.delete(message.id)) this.#section.put(message);
    }
  }

  /** Replies may be missing: the next page begins anew. */
  expire() {
    const known = this.messages;
    this.#floor = Infinity;
    this.#section = new LogSection(0, Infinity);
    this.apply(known);
  }

  /** @param {Pick<Follow, "following" | "unread_from">} event */
  setFollow({ following, unread_from: unreadFrom }) {
    this.following = following;
    this.unreadFrom = unreadFrom;
  }

  /** @param {Message} message */
  #take(message) {
    const isShown = message.id === this.rootId || message.seq >= this.#floor;
    const known = this.#earlier.get(message.id);
    if (isShown) this.#section.put(message);
    else if (!known || known.version < message.version) this.#earlier.set(message.id, message);
  }
}
